/** Who issues the nursery's 領収証兼提供証明書: the city, and the facility at which each counter stands. */
import { Button, Input, Label, TextField } from 'react-aria-components';
import type { CertificateIssuer } from '../../fees/catalogue.ts';

/** As it is being typed. */
export interface TypedIssuer extends Omit<CertificateIssuer, 'facilities'> {
  facilities: readonly TypedFacility[];
}
interface TypedFacility {
  counter: string;
  nameJa: string;
  addressJa: string;
}

export const typedIssuer = (known: CertificateIssuer | undefined): TypedIssuer => ({
  issuerJa: known?.issuerJa ?? '',
  addressJa: known?.addressJa ?? '',
  representativeJa: known?.representativeJa ?? '',
  facilities: Object.entries(known?.facilities ?? {}).map(([counter, facility]) => ({
    counter,
    ...facility,
  })),
});

const FIELDS = [
  ['issuerJa', '設置者（例：白井市）'],
  ['addressJa', '設置者の所在地'],
  ['representativeJa', '代表者（役職と氏名）'],
] as const;
const COLUMNS = [
  ['counter', 'カウンター', 40],
  ['nameJa', '施設の名前', 100],
  ['addressJa', '施設の所在地', 100],
] as const;

export function CertificateIssuerFields(props: {
  typed: TypedIssuer;
  mayChange: boolean;
  onChange: (typed: TypedIssuer) => void;
}) {
  const { typed, mayChange, onChange } = props;
  const changeFacility = (index: number, change: Partial<TypedFacility>): void =>
    onChange({
      ...typed,
      facilities: typed.facilities.map((each, at) => (at === index ? { ...each, ...change } : each)),
    });
  return (
    <section className="certificate-issuer" aria-labelledby="certificate-issuer-title">
      <h3 id="certificate-issuer-title" className="section-title">
        保育の提供証明書に出るもの
      </h3>
      <p className="form-note">
        領収証兼特定子ども・子育て支援提供証明書の設置者・代表者・施設です。使わないときは空のままにします。
      </p>
      {FIELDS.map(([name, label]) => (
        <TextField
          key={name}
          className="reason-field"
          value={typed[name]}
          onChange={(value) => onChange({ ...typed, [name]: value })}
          isReadOnly={!mayChange}
          maxLength={100}
        >
          <Label>{label}</Label>
          <Input />
        </TextField>
      ))}
      <FacilityTable facilities={typed.facilities} mayChange={mayChange} onChange={changeFacility} />
      {mayChange && (
        <Button
          className="button"
          onPress={() =>
            onChange({
              ...typed,
              facilities: [...typed.facilities, { counter: '', nameJa: '', addressJa: '' }],
            })
          }
        >
          施設を加える
        </Button>
      )}
    </section>
  );
}

function FacilityTable(props: {
  facilities: readonly TypedFacility[];
  mayChange: boolean;
  onChange: (index: number, change: Partial<TypedFacility>) => void;
}) {
  return (
    <table className="grid accounts">
      <caption className="unseen">施設の一覧</caption>
      <thead>
        <tr>
          {COLUMNS.map(([name, label]) => (
            <th key={name} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.facilities.map((facility, index) => (
          <tr key={index}>
            {COLUMNS.map(([name, label, maxLength]) => (
              <td key={name}>
                <input
                  aria-label={`${label} ${String(index + 1)}行目`}
                  value={facility[name]}
                  readOnly={!props.mayChange}
                  maxLength={maxLength}
                  onChange={({ target }) => props.onChange(index, { [name]: target.value })}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const isEmpty = ({ issuerJa, addressJa, representativeJa, facilities }: TypedIssuer): boolean =>
  [issuerJa, addressJa, representativeJa].every((text) => text.trim() === '') && facilities.length === 0;

/** Undefined: nothing is entered. A row that was emptied is taken out. */
export function issuerOf(typed: TypedIssuer): CertificateIssuer | undefined {
  if (isEmpty(typed)) return undefined;
  const rows = typed.facilities.filter(({ counter, nameJa }) => counter.trim() + nameJa.trim() !== '');
  return {
    issuerJa: typed.issuerJa.trim(),
    addressJa: typed.addressJa.trim(),
    representativeJa: typed.representativeJa.trim(),
    facilities: Object.fromEntries(
      rows.map(({ counter, nameJa, addressJa }) => [
        counter.trim(),
        { nameJa: nameJa.trim(), addressJa: addressJa.trim() },
      ]),
    ),
  };
}

/** What is wrong with what was typed; null: nothing. */
export function issuerFault(typed: TypedIssuer): string | null {
  const issuer = issuerOf(typed);
  if (issuer === undefined) return null;
  const { issuerJa, addressJa, representativeJa, facilities } = issuer;
  if ([issuerJa, addressJa, representativeJa].includes(''))
    return '提供証明書の設置者・所在地・代表者を、すべて入れてください。';
  const [wrong] = Object.keys(facilities).filter((counter) => !/^[A-Za-z0-9_-]{1,40}$/.test(counter));
  if (wrong !== undefined) return `施設のカウンターは半角の英数字です：「${wrong}」`;
  const [open] = Object.entries(facilities).filter(
    ([, { nameJa, addressJa }]) => nameJa === '' || addressJa === '',
  );
  return open === undefined ? null : `カウンター ${open[0]} の施設の名前と所在地を入れてください。`;
}
