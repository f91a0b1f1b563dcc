// Upload by drop or choice, streamed as the raw body of PUT /api/upload?name=…
//   [data-upload]           a drop zone (data-accept: endings the file dialog offers; data-upload-to: what the
//                           address says besides the name, e.g. replace=<ds>&query=…)
//   [data-upload-choose]    a button in it (or anywhere): opens the file dialog, so the keyboard works too
//   [data-upload-message]   a live region in it: what happens, errors in words
//   [data-upload-cancel]    a button in it: stops the upload
//   [data-upload-bar]       a bar in it: its width and aria-valuenow are set
// The answer goes to 'uploaded' as data.
(() => {
  const set = (id, props) => window.dash_clientside?.set_props?.(id, props);
  const size = n => n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))} kB` : `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)} MB`;
  let running = null, zone = null;

  const say = (state, text) => {
    if (!zone) return;
    zone.dataset.state = state;
    const message = zone.querySelector('[data-upload-message]');
    if (message) message.textContent = text;
  };

  const fill = percent => {
    const bar = zone?.querySelector('[data-upload-bar]');
    if (!bar) return;
    bar.style.width = `${percent}%`;
    bar.setAttribute('aria-valuenow', percent);
  };

  const answer = xhr => { try { return JSON.parse(xhr.responseText); } catch { return null; } };

  const problem = xhr => {
    const told = answer(xhr), text = xhr.responseText.trim();
    if (told?.message) return [told.message, told.hint].filter(Boolean).join(' ');
    if (xhr.getResponseHeader('Content-Type')?.startsWith('text/plain') && text) return text;
    if (xhr.status === 413) return 'This file is larger than this server takes. Send a part of it, or a zip or Parquet file.';
    return `The server did not take the file (${xhr.status}). Try again in a moment.`;
  };

  const send = file => {
    if (running) return;
    if (!file.size) return say('error', `${file.name} is empty. Choose another file.`);
    const xhr = running = new XMLHttpRequest();
    const end = (state, text) => { running = null; fill(0); say(state, text); };
    const to = zone?.dataset.uploadTo;
    xhr.open('PUT', '/api/upload?name=' + encodeURIComponent(file.name) + (to ? '&' + to : ''));
    xhr.setRequestHeader('X-Requested-With', 'fetch');
    xhr.upload.onprogress = p => {
      if (!p.lengthComputable) return;
      fill(Math.round(100 * p.loaded / p.total));
      say('busy', p.loaded < p.total ? `${file.name}: ${size(p.loaded)} of ${size(p.total)}` : `${file.name}: sent, being stored`);
    };
    xhr.onload = () => {
      const data = xhr.status < 300 ? answer(xhr) : null;
      if (!data) return end('error', problem(xhr));
      end('done', `${file.name} is here (${size(file.size)}).`);
      set('uploaded', {data: {...data, name: file.name, size: file.size, at: Date.now()}});   // at: the same file twice is two events
    };
    xhr.onerror = () => end('error', 'The upload broke off. Check the connection and try again.');
    xhr.onabort = () => end('', 'Upload stopped. Nothing was kept.');
    say('busy', `${file.name}: 0 of ${size(file.size)}`);
    xhr.send(file);
  };

  const take = files => {
    if (files.length > 1) return say('error', `One file at a time: ${files.length} were given. Choose one.`);
    if (files.length) send(files[0]);
  };

  // one native input for all zones; React never sees it
  const input = Object.assign(document.createElement('input'), {type: 'file', id: 'atlas-file', hidden: true});
  input.setAttribute('aria-label', 'File to upload');
  input.addEventListener('change', () => { take(input.files); input.value = ''; });

  document.addEventListener('click', e => {
    if (e.target.closest?.('[data-upload-cancel]')) return running?.abort();
    const button = e.target.closest?.('[data-upload-choose]');
    if (!button || running) return;
    zone = button.closest('[data-upload]') ?? document.querySelector('[data-upload]');
    input.accept = zone?.dataset.accept ?? '';
    document.body.append(input);
    input.click();
  });

  const carriesFiles = e => [...(e.dataTransfer?.types ?? [])].includes('Files');
  const zoneOf = e => e.target.closest?.('[data-upload]');
  addEventListener('dragover', e => {
    if (!carriesFiles(e)) return;
    e.preventDefault();                                         // beside the zone the browser would open the file and leave the page
    e.dataTransfer.dropEffect = zoneOf(e) && !running ? 'copy' : 'none';
    const over = zoneOf(e);
    if (over && !running) over.dataset.state = 'over';
  });
  addEventListener('dragleave', e => {
    const left = zoneOf(e);
    if (left?.dataset.state === 'over' && !left.contains(e.relatedTarget)) left.dataset.state = '';
  });
  addEventListener('drop', e => {
    if (!carriesFiles(e)) return;
    e.preventDefault();
    if (!zoneOf(e) || running) return;
    zone = zoneOf(e);
    zone.dataset.state = '';
    take(e.dataTransfer.files);
  });
  addEventListener('beforeunload', e => { if (running) e.preventDefault(); });
})();
