// A drop zone that sends files straight to disk: raw bytes by POST, one file at a time, with progress and cancel.
// Python receives [{id, name, bytes}] once every file of one drop is there.
const zones = new WeakMap()

export default function (component) {
  const { parentElement, setTriggerValue } = component
  const [data] = component.data
  let zone = zones.get(parentElement)
  if (!zone) {
    zone = { sending: [], queue: [], arrived: [], request: null }
    zones.set(parentElement, zone)
  }
  zone.words = data.words
  zone.address = data.address
  zone.limit = data.limit
  zone.multiple = data.multiple
  zone.tell = (files) => setTriggerValue("uploaded", files)

  const area = parentElement.querySelector(".zone")
  const input = parentElement.querySelector("input")
  const list = parentElement.querySelector(".files")
  zone.list = list
  parentElement.querySelector(".call").textContent = data.words.drop
  parentElement.querySelector(".hint").textContent = data.words.hint
  parentElement.querySelector(".browse").textContent = data.words.browse
  area.setAttribute("aria-label", data.words.drop + " " + data.words.browse)
  input.multiple = data.multiple
  input.accept = data.accept

  area.onclick = () => input.click()
  area.onkeydown = (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault()
      input.click()
    }
  }
  area.ondragover = (event) => {
    event.preventDefault()
    area.classList.add("over")
  }
  area.ondragleave = () => area.classList.remove("over")
  area.ondrop = (event) => {
    event.preventDefault()
    area.classList.remove("over")
    add(zone, event.dataTransfer.files)
  }
  input.onchange = () => {
    add(zone, input.files)
    input.value = ""
  }
  draw(zone)
  return () => {
    if (zone.request) zone.request.abort()
    zones.delete(parentElement)
  }
}

function add(zone, files) {
  const chosen = zone.multiple ? [...files] : [...files].slice(0, 1)
  if (chosen.length === 0) return
  zone.sending = zone.sending.filter((entry) => entry.state === "waiting" || entry.state === "sending")
  for (const file of chosen) {
    const entry = { file, name: file.name, state: "waiting", share: 0, error: "" }
    if (zone.limit && file.size > zone.limit) {
      entry.state = "failed"
      entry.error = zone.words.large
    } else {
      zone.queue.push(entry)
    }
    zone.sending.push(entry)
  }
  next(zone)
}

function next(zone) {
  draw(zone)
  if (zone.request) return
  const entry = zone.queue.shift()
  if (!entry) {
    if (zone.arrived.length > 0 && !zone.sending.some((one) => one.state === "failed")) {
      const files = zone.arrived
      zone.arrived = []
      zone.tell(files)
    }
    return
  }
  send(zone, entry)
}

function send(zone, entry) {
  const request = new XMLHttpRequest()
  zone.request = request
  entry.state = "sending"
  request.open("POST", zone.address + "?name=" + encodeURIComponent(entry.name))
  request.setRequestHeader("Content-Type", "application/octet-stream")
  request.upload.onprogress = (event) => {
    entry.share = event.lengthComputable && event.total > 0 ? event.loaded / event.total : 0
    draw(zone)
  }
  const finish = (state, error) => {
    if (zone.request !== request) return
    zone.request = null
    entry.state = state
    entry.error = error
    next(zone)
  }
  request.onload = () => {
    const answer = parse(request.responseText)
    if (request.status >= 200 && request.status < 300 && answer.id) {
      entry.id = answer.id
      zone.arrived.push({ id: answer.id, name: answer.name || entry.name, bytes: entry.file.size })
      finish("done", "")
    } else {
      finish("failed", answer.message || answer.error || answer.detail || zone.words.failed)
    }
  }
  request.onerror = () => finish("failed", zone.words.failed)
  request.onabort = () => finish("cancelled", zone.words.cancelled)
  request.send(entry.file)
  draw(zone)
}

function parse(text) {
  try {
    return JSON.parse(text) || {}
  } catch {
    return {}
  }
}

function cancel(zone, entry) {
  if (entry.state === "sending" && zone.request) {
    zone.request.abort()
    return
  }
  zone.queue = zone.queue.filter((one) => one !== entry)
  entry.state = "cancelled"
  entry.error = zone.words.cancelled
  next(zone)
}

function remove(zone, entry) {
  zone.sending = zone.sending.filter((one) => one !== entry)
  next(zone)
}

function draw(zone) {
  zone.list.replaceChildren(...zone.sending.map((entry) => line(zone, entry)))
}

function line(zone, entry) {
  const row = make("div", "file " + entry.state)
  const name = make("span", "name", entry.name)
  const about = make("span", "about", entry.error || size(entry.file.size))
  row.append(name, about)
  if (entry.state === "sending" || entry.state === "waiting") {
    const bar = document.createElement("progress")
    bar.max = 1
    bar.value = entry.share
    bar.setAttribute("aria-label", entry.name)
    row.append(bar, button(zone.words.cancel, () => cancel(zone, entry)))
  } else if (entry.state !== "done") {
    about.setAttribute("role", "alert")
    row.append(button(zone.words.remove, () => remove(zone, entry)))
  }
  return row
}

function make(tag, className, text) {
  const node = document.createElement(tag)
  node.className = className
  if (text !== undefined) node.textContent = text
  return node
}

function button(label, action) {
  const node = make("button", "", label)
  node.type = "button"
  node.onclick = action
  return node
}

function size(bytes) {
  if (bytes < 1e3) return bytes + " B"
  if (bytes < 1e6) return Math.round(bytes / 1e3) + " kB"
  return (bytes / 1e6).toFixed(1) + " MB"
}
