/** Over every screen of a book in which no money moves. */
const WORDS = {
  trial: '試用・実際の支払いではありません',
  training: '訓練・実際の支払いではありません',
  live: null,
} as const;

export function BookBanner({ book, demo }: { book: keyof typeof WORDS; demo: string | null }) {
  const words = demo ?? WORDS[book];
  return words === null ? null : <p className="book-banner">{words}</p>;
}
