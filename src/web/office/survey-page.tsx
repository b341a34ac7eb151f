/** What residents say: the mean, how it is made up, and their own words. */
import type { SurveyResult } from '../../survey/survey.ts';
import { formatDayAndTime } from '../shared/format.ts';
import { Bar } from './bar.tsx';
import { Fault } from './fault.tsx';
import { readSurvey } from './service.ts';
import { useAnswer } from './use-answer.ts';

const SCORE_WORDS = ['大変不満', '不満', 'どちらともいえない', '満足', '大変満足'] as const;

export function SurveyPage() {
  const { value, fault } = useAnswer('survey', readSurvey);
  return (
    <>
      <Fault message={fault} />
      {value === null && fault === null && <p>読み込んでいます</p>}
      {value !== null && (value.mean === null ? <NobodyYet /> : <Result survey={value} mean={value.mean} />)}
    </>
  );
}

function NobodyYet() {
  return (
    <section>
      <h2 className="lead">回答はまだありません</h2>
      <p>支払いの済んだお客様に、利用明細の案内から答えていただけます。</p>
    </section>
  );
}

function Result({ survey, mean }: { survey: SurveyResult; mean: number }) {
  const { count, histogram, comments } = survey;
  const scores = histogram.map((given, index) => ({ score: index + 1, given })).reverse();
  const most = Math.max(...histogram);
  return (
    <>
      <section className="mean" aria-label="満足度">
        <h2>満足度（5点満点の平均）</h2>
        <p>
          <strong>{mean.toFixed(1)}</strong>
          <span>回答 {count}件</span>
        </p>
      </section>
      <table className="grid histogram">
        <caption>点数ごとの回答</caption>
        <thead className="unseen">
          <tr>
            <th scope="col">点数</th>
            <th scope="col">件数</th>
            <th scope="col">割合</th>
          </tr>
        </thead>
        <tbody>
          {scores.map(({ score, given }) => (
            <tr key={score}>
              <th scope="row">
                {score}　{SCORE_WORDS[score - 1]}
              </th>
              <td className="n">{given}件</td>
              <td className="share-cell">
                <Bar part={given} of={most} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <section>
        <h2 className="section-title">ご意見</h2>
        {comments.length === 0 ? (
          <p>まだありません。</p>
        ) : (
          <ul className="comments">
            {comments.map(({ at, score, comment }, index) => (
              <li key={index}>
                <p>{comment}</p>
                <p className="comment-from">
                  {score}点　{formatDayAndTime(at)}
                </p>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}
