// Live updates. Without this script the page shows the state of the moment it was loaded.
for (const element of document.querySelectorAll("[data-stream]")) {
  new EventSource(element.dataset.stream).onmessage = (message) => {
    // A keyboard user keeps the focus over an update.
    const active = element.contains(document.activeElement) ? document.activeElement : null;
    const [id, label] = [active?.id, active?.getAttribute("aria-label")];
    const open = [...element.querySelectorAll("details[open]")].map((details) => details.id);
    element.innerHTML = message.data;
    for (const details of open) document.getElementById(details)?.setAttribute("open", "");
    if (id) document.getElementById(id)?.focus();
    else if (label) element.querySelector(`[aria-label="${CSS.escape(label)}"]`)?.focus();
  };
}

for (const element of document.querySelectorAll("[data-append]")) {
  element.scrollTop = element.scrollHeight;
  new EventSource(element.dataset.append).onmessage = (message) => {
    const follows = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
    element.insertAdjacentHTML("beforeend", message.data);
    while (element.childElementCount > 2000) element.firstElementChild.remove();
    if (follows) element.scrollTop = element.scrollHeight;
  };
}
