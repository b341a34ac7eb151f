/** Before there is anything to show; or the reason why there will be nothing. */
export function Opening(props: { unreachable: boolean; closedBecause: string | null }) {
  if (props.closedBecause !== null) return <Closed because={props.closedBecause} />;
  return (
    <main className="opening" aria-live="polite">
      <h1>窓口</h1>
      {props.unreachable ? (
        <p>
          サービスとつながりません。支払いの記録は失われません。
          <br />
          自動でつなぎ直しています。続くときは、この PC の窓口サービスが動いているか管理者に確かめてください。
        </p>
      ) : (
        <p>開いています</p>
      )}
    </main>
  );
}

function Closed({ because }: { because: string }) {
  return (
    <main className="opening" aria-live="polite">
      <h1>会計を始めていません</h1>
      <p>
        この窓口の記録を開けません。代金は引かれていません。会計は現金でお受けください。
        <br />
        管理者に、次の説明を伝えてください。直したあと、サービスを起動し直します。
      </p>
      <p className="opening-reason">{because}</p>
    </main>
  );
}
