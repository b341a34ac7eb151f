/** The daycare window has two faces: the day's list, and its fees. A teacher begins with the list. */
import { useState, type ReactNode } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { DayStays } from './use-stays.ts';

export function DayOrFees(props: {
  /** Null: there are only fees. */
  day: DayStays | null;
  isTeacher: boolean;
  list: (day: DayStays) => ReactNode;
  children: ReactNode;
}) {
  const { day } = props;
  const [face, setFace] = useState<'list' | 'fees' | null>(null);
  if (day === null) return props.children;
  const shown = face ?? (props.isTeacher || day.stays.length > 0 ? 'list' : 'fees');
  return (
    <>
      <ToggleButtonGroup
        className="day-faces"
        aria-label="保育の窓口"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[shown]}
        onSelectionChange={([chosen]) => setFace(chosen === 'list' ? 'list' : 'fees')}
      >
        <ToggleButton id="list" className="day-face choice">
          今日の預かり
        </ToggleButton>
        <ToggleButton id="fees" className="day-face choice">
          料金から選ぶ
        </ToggleButton>
      </ToggleButtonGroup>
      {shown === 'list' ? props.list(day) : props.children}
    </>
  );
}
