// [data-copy-link] copies the address of this view. With data-resolved-query (on the button, or on the [data-view]
// element) the copy carries what automatic values resolved to, so that it opens the same numbers later. Where nobody else can
// open it, the report is offered instead, if there is one of this view ([data-report] on the button).
(() => {
  const loopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;
  const resolved = button => button.dataset.resolvedQuery ?? document.querySelector('[data-view]')?.dataset.resolvedQuery;
  let toast, timer;

  const show = (text, link, report) => {
    if (!toast) {
      toast = Object.assign(document.createElement('div'), {className: 'atlas-toast'});
      toast.setAttribute('role', 'status');
      document.body.append(toast);
    }
    toast.replaceChildren(text);
    if (link) {
      const field = Object.assign(document.createElement('input'), {value: link, readOnly: true});
      field.setAttribute('aria-label', 'Link to this view');
      toast.append(field);
      field.select();
    }
    if (report) toast.append(' ', Object.assign(document.createElement('a'), {textContent: 'Download report', href: report, target: '_blank'}));
    toast.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(() => { toast.hidden = true; }, link || report ? 20000 : 5000);
  };

  const copy = async text => {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* plain http: the old way */ }
    const field = Object.assign(document.createElement('textarea'), {value: text, className: 'atlas-visually-hidden'});
    const focused = document.activeElement;
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    focused?.focus();
    return done;
  };

  document.addEventListener('click', async e => {
    const button = e.target.closest?.('[data-copy-link]');
    if (!button) return;
    const query = resolved(button);
    const link = query == null ? location.href : location.origin + location.pathname + query;
    if (!await copy(link)) return show('Copy this link:', link);
    const alone = loopback.test(location.hostname);
    show('Link copied. It opens exactly this view.' + (alone ? ' This address works on this computer only.' : ''), null, alone && button.dataset.report);
  });
})();
