/// <summary>The page.</summary>
internal static class Page
{
    public const string Html = """
        <!doctype html><title>Live balance</title><p>Account <span id="id"></span>: <b id="amount">...</b></p>
        <script>
          const id = new URLSearchParams(location.search).get('account') || 'A1'
          document.getElementById('id').textContent = id
          new EventSource('/accounts/' + encodeURIComponent(id) + '/live').addEventListener('balance', e => {
            const balance = JSON.parse(e.data)
            document.getElementById('amount').textContent = balance.amount + ' ' + balance.currency
          })
        </script>
        """;
}
