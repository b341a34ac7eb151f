/** Every version of an item: when, who, who confirmed, why, and the prices as they stood then. */
import { Button } from 'react-aria-components';
import type { MaintainedItem } from '../../fees/revision.ts';
import { DialogFrame } from '../shared/dialog-frame.tsx';
import { formatDayAndTime, formatYen } from '../shared/format.ts';
import { Fault } from './fault.tsx';
import { readFeeHistory } from './service.ts';
import { useAnswer } from './use-answer.ts';

export function FeeHistory({ item, onClose }: { item: MaintainedItem; onClose: () => void }) {
  const { value, fault } = useAnswer(`history ${item.code}`, () => readFeeHistory(item.code));
  return (
    <DialogFrame title={`${item.nameJa}の履歴`} onClose={onClose}>
      <Fault message={fault} />
      <ol className="fee-history">
        {(value ?? []).map(({ version, at, changedBy, confirmedBy, reason, definition }) => (
          <li key={version}>
            <strong>
              第{version}版　{formatDayAndTime(at)}
            </strong>
            <span>
              {changedBy}
              {confirmedBy !== null && `（確認 ${confirmedBy}）`}　{reason}
            </span>
            <span>
              {definition.prices
                .map(({ from, priceYen, class: feeClass }) => {
                  const name = definition.classes.find(({ code }) => code === feeClass)?.nameJa ?? '';
                  const price = priceYen === null ? '扱いなし' : formatYen(priceYen);
                  return `${name}${from === null ? 'はじめから' : `${from}から`} ${price}`;
                })
                .join('、')}
            </span>
          </li>
        ))}
      </ol>
      <div className="dialog-actions">
        <Button className="button primary" onPress={onClose}>
          閉じる
        </Button>
      </div>
    </DialogFrame>
  );
}
