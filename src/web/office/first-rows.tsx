/** A long table begins with its first rows; the others are one touch away, and nothing says that they do not exist. */
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';

const FIRST = 20;

export function useFirstRows<Row>(rows: readonly Row[]): { shown: readonly Row[]; others: ReactNode } {
  const [all, setAll] = useState(false);
  const left = rows.length - FIRST;
  if (all || left <= 0) return { shown: rows, others: null };
  return {
    shown: rows.slice(0, FIRST),
    others: (
      <Button className="quiet" onPress={() => setAll(true)}>
        ほかの {left.toLocaleString('ja-JP')}件も見る
      </Button>
    ),
  };
}
