/** Why money goes back, one touch each. */
import { Button } from 'react-aria-components';
import type { ReturnReason } from '../../payments/return-records.ts';
import { REASONS } from './return-words.ts';

export function Reasons(props: { reason: ReturnReason | null; onChoose: (reason: ReturnReason) => void }) {
  const { reason, onChoose } = props;
  return (
    <fieldset>
      <legend>理由</legend>
      <div className="desk-acts">
        {REASONS.map(({ code, label }) => (
          <Button
            key={code}
            className={code === reason ? 'button primary' : 'button'}
            aria-pressed={code === reason}
            onPress={() => onChoose(code)}
          >
            {label}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
