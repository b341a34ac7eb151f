/** A file is chosen: in our words, where a browser's own field speaks the language of the browser. */
import { useState } from 'react';

export function FileField(props: {
  label: string;
  /** As the input has it: `.csv,text/csv`. Undefined: any. */
  accept?: string;
  onChoose: (file: File) => void;
}) {
  const [name, setName] = useState<string | null>(null);
  return (
    <label className="file-field">
      <span className="file-field-label">{props.label}</span>
      <input
        className="unseen"
        type="file"
        accept={props.accept}
        onChange={({ target }) => {
          const file = target.files?.[0];
          // The same file, put right, is chosen again.
          target.value = '';
          if (file === undefined) return;
          setName(file.name);
          props.onChoose(file);
        }}
      />
      <span className="file-field-choice">
        <span className="button">ファイルを選ぶ</span>
        <span>{name ?? 'まだ選んでいません'}</span>
      </span>
    </label>
  );
}
