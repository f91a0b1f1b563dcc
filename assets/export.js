// The dialog "Export this list": a link to /export/customers.csv?… opens it instead (without this script it is the
// quick list). The form comes from /export/dialog with the link's query; it is sent to /api/export, the worker writes
// the file, and the dialog follows it until it is there. Its parts are marked data-export-…, see export.html.
(() => {
  const LIST = '/export/customers.csv';
  let dialog = null, running = null, back = null;

  const part = name => dialog?.querySelector(`[data-export-${name}]`);
  const parts = name => [...dialog.querySelectorAll(`[data-export-${name}]`)];
  const make = (tag, props, ...children) => {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...children);
    return made;
  };
  const counted = n => `${n.toLocaleString('en')} customer${n === 1 ? '' : 's'}`;
  const say = (kind, ...children) => {
    const said = part('said');
    said.dataset.kind = kind;
    said.setAttribute('role', kind === 'error' ? 'alert' : 'status');
    said.replaceChildren(...children);
  };

  const ask = async (address, options) => {
    const answer = await fetch(address, {headers: {'X-Requested-With': 'fetch'}, ...options}).catch(() => null);
    if (!answer) throw new Error('The server can’t be reached. Check the connection and try again.');
    const json = answer.headers.get('Content-Type')?.includes('json');
    const found = await (json ? answer.json() : answer.text());
    if (answer.ok) return found;
    if (answer.status === 413) throw new Error('The list to leave out is larger than this server takes. Split it.');
    throw new Error(json ? `${found.message} ${found.hint}` : found.slice(0, 200));
  };

  // what is on screen follows what is chosen
  const value = name => new FormData(part('form')).get(name);
  const chosen = () => Number((dialog.querySelector('[name="who"]:checked') ?? dialog.querySelector('[name="who"]')).dataset.count);
  const follow = () => {
    const held = Number(value('held')), writing = value('purpose') !== 'list', marked = value('control') === 'marked' && !writing;
    for (const fields of parts('columns')) fields.disabled = value('purpose') === 'audience';
    part('control').hidden = !held || writing;
    const count = chosen(), kept = Math.round(count * held / 100);
    part('name').textContent = `File name: ${part('form').dataset.stem}-N.${value('form')}. N is the number of customers in it.`;
    part('go').textContent = held && !marked ? `Export about ${counted(count - kept)}` : `Export ${counted(count)}`;
    part('go').disabled = !count;
    if (!running) say('', count ? '' : 'Nobody is shown. Choose all, or show more.');
  };

  const wait = ms => new Promise(done => setTimeout(done, ms));
  const busy = on => {
    part('go').disabled = on;
    part('form').classList.toggle('atlas-export-busy', on);
    dialog.querySelector('.atlas-export-body').inert = on;
  };
  const progress = (stage, share) => {
    const bar = make('div', {className: 'progress-bar', style: `width: ${Math.round(100 * share)}%`});
    const box = make('div', {className: 'progress'}, bar);
    for (const [name, set] of [['role', 'progressbar'], ['aria-label', 'Export'], ['aria-valuenow', Math.round(100 * share)]]) box.setAttribute(name, set);
    say('busy', make('p', {textContent: stage}), box);
  };
  const done = made => {
    const link = make('a', {href: made.href, download: made.name, textContent: made.name});
    const notes = made.notes.map(note => make('li', {textContent: note}));
    say('done', make('p', {}, make('strong', {textContent: made.said})), ...(notes.length ? [make('ul', {}, ...notes)] : []), make('p', {}, link));
    for (const button of dialog.querySelectorAll('footer [data-export-close]')) button.textContent = 'Close';
    part('go').textContent = 'Export again';
    link.click();
    link.focus();
  };
  const send = async () => {
    const filled = new FormData(part('form')), pasted = part('paste').value.trim(), file = part('file').files[0];
    if (pasted) filled.append('leave_out', new Blob([pasted], {type: 'text/plain'}), 'pasted.txt');
    if (file) filled.append('leave_out', file, 'list.txt');
    progress('Sending', 0);
    busy(true);
    const mine = running = {key: null};
    try {
      mine.key = (await ask('/api/export', {method: 'POST', body: filled})).key;
      for (let told; running === mine; await wait(400)) {
        told = await ask(`/api/export/${mine.key}`);
        if (running !== mine) return;
        if (told.href) { busy(false); running = null; return done(told); }
        progress(told.stage, told.share);
      }
    } catch (error) {
      if (running !== mine) return;
      running = null;
      busy(false);
      follow();
      say('error', error.message);
    }
  };

  const stop = () => {
    const key = running?.key;
    running = null;
    if (key) ask(`/api/export/${key}/cancel`, {method: 'POST'}).catch(() => {});
  };
  const close = () => dialog?.close();
  const open = async link => {
    back = link;
    const query = new URL(link.href).search;
    dialog = make('dialog', {className: 'atlas-export-dialog'}, make('div', {className: 'atlas-export-opening', textContent: 'Looking up this list …'}));
    const mine = dialog;
    mine.setAttribute('aria-label', 'Export this list');
    mine.addEventListener('close', () => { stop(); mine.remove(); if (dialog === mine) dialog = null; if (back?.isConnected) back.focus(); });
    document.body.append(mine);
    mine.showModal();
    try {
      mine.innerHTML = await ask('/export/dialog' + query);
      if (dialog !== mine) return;
      mine.removeAttribute('aria-label');
      mine.setAttribute('aria-labelledby', 'x-title');
      follow();
      (mine.querySelector('[name="who"]:checked') ?? mine.querySelector('[name="purpose"]')).focus();
    } catch (error) {
      const button = make('button', {type: 'button', className: 'btn btn-outline-secondary', textContent: 'Close'});
      button.dataset.exportClose = '';
      mine.replaceChildren(make('div', {className: 'atlas-export-opening', role: 'alert'}, make('p', {textContent: error.message}), button));
      button.focus();
    }
  };

  addEventListener('click', event => {
    const link = event.target.closest?.(`a[href^="${LIST}"]`);
    if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      return dialog || open(link);
    }
    if (!dialog?.contains(event.target)) return;
    if (event.target.closest('[data-export-close]')) return close();
    const pick = event.target.closest('[data-export-pick]')?.dataset.exportPick;
    if (!pick) return;
    for (const box of dialog.querySelectorAll('[name="column"]')) box.checked = pick === 'all' || box.defaultChecked;
    follow();
  }, true);
  addEventListener('change', event => { if (part('form')?.contains(event.target) && !running) follow(); });
  addEventListener('submit', event => {
    if (event.target !== part('form')) return;
    event.preventDefault();
    if (!running) send();
  });
  for (const moved of ['popstate', '_dashprivate_pushstate']) addEventListener(moved, close);
})();
