/** The key that does the same as the button it stands on. Read out as the button's shortcut, not as its name. */
export function KeyCap({ children }: { children: string }) {
  return (
    <kbd className="key" aria-hidden="true">
      {children}
    </kbd>
  );
}
