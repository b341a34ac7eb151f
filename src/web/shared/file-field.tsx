/** A file is chosen or dropped: in our words, where a browser's own field speaks the language of the browser. */
import { useState } from 'react';

export function FileField(props: {
  label: string;
  /** As the input has it: `.csv,text/csv`. Undefined: any. */
  accept?: string;
  /** The file that is chosen already. */
  first?: string;
  onChoose: (file: File) => void;
}) {
  const [name, setName] = useState<string | null>(props.first ?? null);
  const [isOver, setIsOver] = useState(false);
  const choose = (file: File | undefined): void => {
    if (file === undefined) return;
    setName(file.name);
    props.onChoose(file);
  };
  return (
    <label
      className="file-field"
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        choose(event.dataTransfer.files[0]);
      }}
    >
      <span className="file-field-label">{props.label}</span>
      <input
        className="unseen"
        type="file"
        accept={props.accept}
        onChange={({ target }) => {
          const file = target.files?.[0];
          // The same file, put right, is chosen again.
          target.value = '';
          choose(file);
        }}
      />
      <span className="file-field-choice">
        <span className="button">ファイルを選ぶ</span>
        <span>{name ?? 'ここに置いても選べます'}</span>
      </span>
    </label>
  );
}
