"""Work in processes of its own: queue, dispatcher, worker, progress, cancel."""
