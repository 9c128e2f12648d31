// Live updates. Without this script the page shows the state of the moment it was loaded.
for (const element of document.querySelectorAll("[data-stream]")) {
  new EventSource(element.dataset.stream).onmessage = (message) => {
    // A keyboard user keeps the focus over an update.
    const label = element.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    element.innerHTML = message.data;
    if (label) element.querySelector(`[aria-label="${CSS.escape(label)}"]`)?.focus();
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
