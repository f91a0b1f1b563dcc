// [data-copy-text] copies the text of the pre in its .atlas-code, and says so on the button for a moment.
(() => {
  const copy = async text => {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* plain http: the old way */ }
    const field = Object.assign(document.createElement('textarea'), {value: text, className: 'atlas-visually-hidden'});
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  };

  document.addEventListener('click', async e => {
    const button = e.target.closest?.('[data-copy-text]');
    if (!button) return;
    const pre = button.closest('.atlas-code').querySelector('pre'), said = button.lastChild.textContent;
    const done = await copy(pre.textContent);
    button.focus();
    button.lastChild.textContent = done ? ' Copied' : ' Select and copy below';
    setTimeout(() => { button.lastChild.textContent = said; }, 2500);
  });
})();
