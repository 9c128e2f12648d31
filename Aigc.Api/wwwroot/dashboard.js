// The live part of the dashboard. Every page works without it.
'use strict';

const words = document.body.dataset;
const language = document.documentElement.lang;
const live = document.getElementById('live');

function say(text) {
  live.textContent = text;
}

// Times: in words that grow old by themselves, and in the reader's own time zone.
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'always' });
const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

function inWords(seconds) {
  const distance = Math.abs(seconds);
  const whole = (unit) => (seconds < 0 ? -Math.floor(distance / unit) : Math.ceil(distance / unit));
  if (distance < 60) return words.now;
  if (distance < 3600) return relative.format(whole(60), 'minute');
  if (distance < 86400) return relative.format(whole(3600), 'hour');
  return relative.format(whole(86400), 'day');
}

const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

function tellTime() {
  for (const time of document.querySelectorAll('time[datetime]')) {
    const then = Date.parse(time.dateTime);
    const seconds = (then - Date.now()) / 1000;
    const passed = Math.max(0, Math.floor(-seconds));
    const text = 'elapsed' in time.dataset ? minutes(passed)
      : 'countdown' in time.dataset ? minutes(Math.max(0, Math.ceil(seconds)))
      : 'clock' in time.dataset ? clock.format(then)
      : inWords(seconds);
    if (time.textContent !== text) time.textContent = text;
    if ('relative' in time.dataset || 'clock' in time.dataset) time.title = moment.format(then);
  }
  tellTitle();
}

// An engine is about to fall asleep: the tab says so, a screen reader does, and the system where it may.
const title = document.title;
const warnings = document.getElementById('warnings');

function tellTitle() {
  const left = warnings?.querySelector('[data-countdown]')?.textContent;
  const text = left ? `(${left}) ${title}` : title;
  if (document.title !== text) document.title = text;
}

function warn({ id, html }) {
  const old = warnings.querySelector(`[data-warning="${CSS.escape(id)}"]`);
  if (!html) {
    old?.remove();
    tellTitle();
    return;
  }
  const warning = parse(html);
  if (old?.querySelector('[data-countdown]').dateTime === warning.querySelector('[data-countdown]').dateTime) return;
  if (old) old.replaceWith(warning);
  else warnings.append(warning);
  offerNotice(warning);
  tellTime();
  if (old) return;
  say(warning.dataset.said);
  if (window.Notification?.permission !== 'granted') return;
  try {
    new Notification(title, { body: warning.dataset.said, tag: id }).onclick = () => window.focus();
  } catch {
    // Phones know no notices without a service worker: the tab says it.
  }
}

function offerNotice(warning) {
  const button = warning.querySelector('[data-notify]');
  button.hidden = window.Notification?.permission !== 'default';
  button.addEventListener('click', async () => {
    await Notification.requestPermission();
    button.hidden = true;
  });
}

// Cards: replaced in place. Focus and an open menu stay where they were.
function parse(html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function marks(element) {
  return element.getAttribute('href') ?? element.closest('form')?.getAttribute('action') ?? element.tagName;
}

function findFocus(card, mark, value) {
  const all = [...card.querySelectorAll('a, button, summary')];
  return all.find(one => marks(one) === mark && (one.value ?? '') === value) ?? all[0];
}

function swap(old, card) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const wasOpen = old.querySelector('details[open]') !== null;
  old.replaceWith(card);
  if (wasOpen) card.querySelector('details')?.setAttribute('open', '');
  if (focused) findFocus(card, marks(focused), focused.value ?? '')?.focus({ preventScroll: true });
  if (old.dataset.said !== card.dataset.said) say(card.dataset.said);
}

function show({ id, html, removed }) {
  const old = document.querySelector(`[data-engine="${CSS.escape(id)}"]`);
  if (removed) {
    if (old && !document.querySelector('[data-engines]')) location.assign('/');
    old?.remove();
    return;
  }
  const card = parse(html);
  if (old) swap(old, card);
  else document.querySelector('[data-engines]')?.append(card);
  tellTime();
  if (old) refreshParts();
}

// What a page shows besides its card (history, log) is read anew, at most once a second.
let refreshing = 0;

function refreshParts() {
  if (refreshing || !document.querySelector('[data-part]')) return;
  refreshing = setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
      if (answer.ok && !answer.redirected) replaceParts(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    } catch {
      // Away for a moment: the stream says so, and the next change tries again.
    }
    refreshing = 0;
  }, 1000);
}

function replaceParts(fresh) {
  for (const part of document.querySelectorAll('[data-part]')) {
    const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!next) part.remove();
    else if (next.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) part.innerHTML = next.innerHTML;
  }
  tellTime();
}

function listen() {
  const cards = document.querySelector('[data-engine], [data-engines]') !== null;
  const source = new EventSource(`/live?at=${encodeURIComponent(location.pathname)}&cards=${cards}`);
  let lost = false;
  source.addEventListener('engine', event => show(JSON.parse(event.data)));
  source.addEventListener('warning', event => warn(JSON.parse(event.data)));
  source.addEventListener('snapshot', event => {
    const snapshot = JSON.parse(event.data);
    const ids = new Set(snapshot.ids);
    for (const card of document.querySelectorAll('[data-engines] [data-engine]')) {
      if (!ids.has(card.dataset.engine)) card.remove();
    }
    for (const warning of [...warnings.children]) {
      if (!snapshot.warned.includes(warning.dataset.warning)) warn({ id: warning.dataset.warning });
    }
    if (lost) say(words.back);
    lost = false;
  });
  source.addEventListener('error', () => {
    if (!lost) say(words.lost);
    lost = true;
    // Refused for good, as after signing out: the browser does not try again by itself.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
  addEventListener('pagehide', () => source.close(), { once: true });
}

// Menus close when one looks elsewhere.
document.addEventListener('click', event => {
  for (const menu of document.querySelectorAll('.menu[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener('keydown', event => {
  const menu = event.key === 'Escape' && document.querySelector('.menu[open]');
  if (!menu) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});

for (const button of document.querySelectorAll('[data-copy]')) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener('click', async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = words.copied;
    say(words.copied);
  });
}

tellTime();
setInterval(tellTime, 1000);
for (const warning of warnings?.children ?? []) offerNotice(warning);
if (warnings) listen();
// A page that the browser kept while one was elsewhere is as old as that.
addEventListener('pageshow', event => {
  if (event.persisted) location.reload();
});
