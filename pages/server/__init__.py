"""The web server around Streamlit: who is asking, files that come in and go out, and the dispatcher beside it."""
