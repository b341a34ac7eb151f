/** Before there is anything to show. */
export function Opening({ unreachable }: { unreachable: boolean }) {
  return (
    <main className="opening" aria-live="polite">
      <h1>窓口</h1>
      {unreachable ? (
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
