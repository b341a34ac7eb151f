/** A share of the largest, as a bar; the figure stands beside it. */
export function Bar({ part, of }: { part: number; of: number }) {
  const width = of === 0 ? 0 : (100 * part) / of;
  return (
    <svg className="share" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <rect width={width} height="12" />
    </svg>
  );
}
