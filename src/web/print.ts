/** The button of a page to print. It reads nothing on the page and sends nothing. */
document.getElementById('print')?.addEventListener('click', () => window.print());
