// The (i) beside a number: hovering shows its title; a click, a tap or Enter shows the same text in a box that stays
// until the next click, Escape or leaving with the keyboard.
(() => {
  let box = null, owner = null;
  const close = () => {
    box?.remove();
    owner?.setAttribute('aria-expanded', 'false');
    box = owner = null;
  };
  const open = button => {
    box = document.createElement('div');
    box.className = 'atlas-info-box';
    box.setAttribute('role', 'status');
    document.body.append(box);
    const lines = button.title.split('\n'), several = lines.includes('');     // several terms: a paragraph each
    for (const [at, line] of lines.entries()) {
      if (!line) continue;
      const row = document.createElement('p'), [word, rest] = line.split(/: (.*)/s, 2);
      if (several && !lines[at - 1]) row.className = 'atlas-info-of';
      if (rest && /^(Formula|Window|Customers|Left out before|Technical name)$/.test(word)) {
        const strong = document.createElement('strong');
        strong.textContent = `${word}: `;
        row.append(strong, rest);
      } else {
        row.textContent = line;
      }
      box.append(row);
    }
    const at = button.getBoundingClientRect(), width = box.offsetWidth, edge = 8;
    box.style.left = `${Math.max(edge, Math.min(at.left, innerWidth - width - edge)) + scrollX}px`;
    const below = at.bottom + edge, above = at.top - edge - box.offsetHeight;
    const fits = below + box.offsetHeight < innerHeight || above < edge;      // never over its own button
    box.style.top = `${(fits ? below : above) + scrollY}px`;
    owner = button;
    button.setAttribute('aria-expanded', 'true');
  };
  document.addEventListener('click', event => {
    const button = event.target.closest?.('.atlas-info'), was = owner;
    if (box?.contains(event.target)) return;
    close();
    if (button && button !== was) open(button);
  });
  document.addEventListener('keydown', event => event.key === 'Escape' && close());
  document.addEventListener('focusout', event => event.target === owner && close());
})();
