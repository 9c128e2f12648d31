const $ = id => document.getElementById(id);
const form = $('form');
const base = new URL('.', location.href);

// Kept for the tab, so that a reload goes on watching the picture it ordered.
const clientId = sessionStorage.clientId ??= Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, '0')).join('');
let remaining = 0;
let failure = '';

const say = text => { if ($('status').textContent !== text) $('status').textContent = text; };
const sayQueue = () => say(failure || (remaining === 0 ? 'Ready.' : remaining === 1 ? 'Computing one picture…' : `Computing. ${remaining} orders in the queue.`));

function connect() {
  const url = new URL(`ws?clientId=${clientId}`, base);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  socket.binaryType = 'blob';
  socket.onopen = () => { sayQueue(); refresh(); };
  socket.onmessage = ({ data }) => typeof data === 'string' ? hear(JSON.parse(data)) : showPreview(data.slice(8, data.size, 'image/png'));
  socket.onclose = () => { say('The connection is lost; trying again…'); setTimeout(connect, 2000); };
}

function hear({ type, data }) {
  if (type === 'status') {
    remaining = data.status.exec_info.queue_remaining;
    sayQueue();
  } else if (type === 'execution_start') {
    showStep(0, 1);
  } else if (type === 'progress') {
    showStep(data.value, data.max);
  } else if (type === 'executed') {
    const { filename } = data.output.images.at(-1);
    showImage(viewUrl(filename), 'The finished picture');
    refresh();
  } else if (type === 'execution_error') {
    failure = data.exception_message;
    sayQueue();
  }
}

function showStep(value, max) {
  $('progress').max = max;
  $('progress').value = value;
  $('step').textContent = value === 0 ? 'Starting' : `Step ${value} of ${max}`;
}

const viewUrl = filename => new URL(`view?filename=${encodeURIComponent(filename)}&type=output`, base).href;

function showPreview(blob) {
  const previous = $('preview').src;
  showImage(URL.createObjectURL(blob), 'Preview of the picture being computed');
  if (previous.startsWith('blob:')) URL.revokeObjectURL(previous);
}

function showImage(url, alt) {
  $('empty').hidden = true;
  $('preview').hidden = false;
  $('preview').src = url;
  $('preview').alt = alt;
}

const graph = ({ prompt, seed, steps, width, height }) => ({
  3: { class_type: 'KSampler', inputs: { seed, steps, cfg: 1, sampler_name: 'demo', scheduler: 'demo', denoise: 1, positive: ['6', 0], latent_image: ['5', 0] } },
  5: { class_type: 'EmptyLatentImage', inputs: { width, height, batch_size: 1 } },
  6: { class_type: 'CLIPTextEncode', inputs: { text: prompt } },
  9: { class_type: 'SaveImage', inputs: { filename_prefix: 'demo', images: ['3', 0] } },
});

form.addEventListener('submit', async event => {
  event.preventDefault();
  const order = { prompt: form.prompt.value };
  for (const name of ['seed', 'steps', 'width', 'height']) order[name] = form[name].valueAsNumber;
  failure = '';
  try {
    const response = await fetch(new URL('prompt', base), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ prompt: graph(order), client_id: clientId }) });
    if (!response.ok) {
      const { error } = await response.json();
      failure = [error.message ?? error, error.details].filter(Boolean).join(': ');
    }
  } catch {
    failure = 'The engine did not answer. Try again.';
  }
  sayQueue();
});

form.addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

function card({ filename, prompt, seed }) {
  const item = $('image').content.firstElementChild.cloneNode(true);
  item.dataset.filename = filename;
  item.querySelector('a').href = viewUrl(filename);
  item.querySelector('img').src = viewUrl(filename);
  item.querySelector('img').alt = `Picture for “${prompt}”, seed ${seed}; opens in a new tab`;
  item.querySelector('.prompt').textContent = prompt;
  item.querySelector('.seed span').textContent = `Seed ${seed}`;
  const again = item.querySelector('button');
  again.setAttribute('aria-label', `Use this prompt and seed ${seed} again`);
  again.onclick = () => { form.prompt.value = prompt; form.seed.value = seed; form.prompt.focus(); };
  return item;
}

let older = null;
async function load(before) {
  const response = await fetch(new URL(before ? `gallery?before=${encodeURIComponent(before)}` : 'gallery', base));
  if (!response.ok) throw new Error(`The gallery answered ${response.status}.`);
  return response.json();
}

async function refresh() {
  try {
    const { images, more } = await load(null);
    const known = new Set(Array.from($('images').children, item => item.dataset.filename));
    if (known.size === 0) showMore(more);
    $('images').prepend(...images.filter(i => !known.has(i.filename)).map(card));
    $('none').hidden = $('images').children.length > 0;
  } catch {
    say('The gallery could not be read. Reload the page to try again.');
  }
}

function showMore(more) {
  older = more;
  $('more').hidden = !more;
}

$('more').onclick = async () => {
  const { images, more } = await load(older);
  const cards = images.map(card);
  $('images').append(...cards);
  showMore(more);
  cards[0]?.querySelector('a').focus();
};

connect();
