/**
 * What makes the page live; it is read without it too. It holds no data and makes no markup of its own: what the server has escaped is put in the place of
 * what is there, element by element, so that focus, what is folded open and what is marked stay. Plain text, since it runs in a browser, by any bundler.
 */
export const script = `
'use strict';
const root = document.documentElement;
const live = document.getElementById('live');
const said = document.getElementById('said');
root.classList.add('live-page');

const units = [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]];
function span(seconds) {
  const first = units.findIndex(([, length]) => seconds >= length);
  if (first < 0) return '0 s';
  let rest = seconds;
  return units.slice(first, first + 2).flatMap(([name, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count > 0 ? [count + ' ' + name] : [];
  }).join(' ');
}
function tellTimes() {
  for (const time of document.querySelectorAll('time[data-as]')) {
    const seconds = Math.round((Date.parse(time.dateTime) - Date.now()) / 1000);
    const text = time.dataset.as === 'for' ? 'for ' + span(Math.max(0, -seconds))
      : seconds > 0 ? 'in ' + span(seconds) : span(-seconds) + ' ago';
    if (!time.title) time.title = time.textContent;
    if (time.textContent !== text) time.textContent = text;
  }
}

const keyOf = (node) => node.dataset ? node.dataset.key || node.id : '';
const isLike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
function become(here, wanted) {
  if (here.nodeType !== 1) {
    if (here.data !== wanted.data) here.data = wanted.data;
    return;
  }
  if (here.nodeName === 'TIME' && here.dateTime === wanted.dateTime) return;
  for (const { name, value } of wanted.attributes) if (here.getAttribute(name) !== value) here.setAttribute(name, value);
  for (const { name } of [...here.attributes]) if (name !== 'open' && !wanted.hasAttribute(name)) here.removeAttribute(name);
  fill(here, wanted);
}
function fill(here, wanted) {
  let at = here.firstChild;
  for (const next of [...wanted.childNodes]) {
    const key = keyOf(next);
    const found = key ? [...here.children].find((child) => isLike(child, next)) : at && isLike(at, next) ? at : null;
    if (!found) here.insertBefore(next, at);
    else {
      if (found === at) at = at.nextSibling;
      else here.insertBefore(found, at);
      become(found, next);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

const states = () => new Map([...document.querySelectorAll('[data-say]')].map((row) => [row.dataset.key, row.dataset.say]));
function show(sections) {
  const before = states();
  const focused = document.activeElement;
  const part = focused && focused.closest('article, section');
  for (const [id, markup] of Object.entries(sections)) {
    const template = document.createElement('template');
    template.innerHTML = markup;
    const here = document.getElementById(id);
    if (here) fill(here, template.content);
  }
  tellTimes();
  const heading = document.querySelector('h1');
  if (heading) document.title = heading.textContent + ' · vaultvisor';
  if (focused && !focused.isConnected && part && part.isConnected) (part.querySelector('[tabindex="-1"]') || part).focus();
  const news = [...states()].flatMap(([key, words]) => before.get(key) === words ? [] : [words]);
  if (news.length > 0) said.textContent = news.join('. ');
}

let source = null;
let again = 0;
function tellLive(state, words) {
  if (live.textContent === words) return;
  live.className = 'live ' + state;
  live.textContent = words;
}
function follow() {
  clearTimeout(again);
  if (source) source.close();
  source = new EventSource('/events');
  source.onopen = () => tellLive('on', 'Live');
  source.onmessage = ({ data }) => show(JSON.parse(data));
  source.onerror = () => {
    tellLive('lost', 'Not connected; what is shown may be old');
    if (source.readyState === EventSource.CLOSED) again = setTimeout(follow, 5000);
  };
}
// a browser has six connections to one host: a tab that nobody looks at holds none
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') follow();
  else if (source) { clearTimeout(again); source.close(); }
});

document.addEventListener('click', async ({ target }) => {
  const button = target.closest && target.closest('button.copy');
  if (!button) return;
  const code = button.previousElementSibling;
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = said.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  } catch {
    getSelection().selectAllChildren(code);
    said.textContent = 'Marked: copy it with your keyboard';
  }
});

tellTimes();
setInterval(tellTimes, 1000);
follow();
`;
