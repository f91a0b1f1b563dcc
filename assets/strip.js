// A strip of charts on a small screen: one is in view, the pressed button of .atlas-strip-nav says which (assets/theme.css).
document.addEventListener('click', e => {
  const chosen = e.target.closest?.('[data-strip]');
  chosen?.closest('.atlas-strip-nav').querySelectorAll('[data-strip]').forEach(button =>
    button.setAttribute('aria-pressed', button === chosen));
});
