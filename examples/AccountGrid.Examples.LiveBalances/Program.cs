// A web API in front of a grid, as an Orleans client: payments, and balances as they change, for a browser's EventSource.
// It pays any account for whoever reaches its port, with the grid's client key. So it listens on this machine alone, and a real program first authenticates its
// users and looks which accounts are theirs.
// The grid needs Grid__GatewayPort and Grid__ClientAuthority. Settings here: ConnectionStrings__AccountGrid, Grid__Key, Grid__CertificateFile,
// Grid__CertificateKeyFile, Grid__SiloAuthorityFile. Then: curl -N http://127.0.0.1:5000/accounts/A1/live
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using AccountGrid.Contracts;

var builder = WebApplication.CreateBuilder(args);
builder.UseOrleansClient(client => client.UseAccountGrid(
    builder.Configuration.GetConnectionString("AccountGrid")!, o => builder.Configuration.GetSection("Grid").Bind(o)));
builder.WebHost.UseUrls(builder.Configuration["urls"] ?? "http://127.0.0.1:5000");
var app = builder.Build();
app.MapPost("/accounts/{id}/payments", async (string id, PaymentOrder order, [Microsoft.AspNetCore.Mvc.FromHeader(Name = "Idempotency-Key")] string key,
    IClusterClient grid) =>
    await grid.GetGrain<IAccountGrain>(id).Pay(order, key) is var outcome && outcome.Accepted
        ? Results.Ok(outcome)
        : Results.Problem(outcome.Detail, statusCode: 422, title: outcome.Code));
app.MapGet("/accounts/{id}/live", async Task<IResult> (string id, IClusterClient grid, IHostApplicationLifetime life, CancellationToken cancel) =>
    await grid.GetGrain<IAccountGrain>(id).Get() is null
        ? Results.NotFound()
        : TypedResults.ServerSentEvents(Balances(grid.GetGrain<IAccountGrain>(id), life.ApplicationStopping, cancel)));
app.MapGet("/", () => Results.Content(Page.Html, "text/html"));
await app.RunAsync();

static async IAsyncEnumerable<SseItem<Live>> Balances(
    IAccountGrain account, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancel)
{
    // A stream ends with its silo; the grid wakes the account elsewhere, and it goes on there. Versions never go back.
    var version = -1L;
    while (!stopping.IsCancellationRequested)
    {
        await using var changes = account.Changes(cancel).GetAsyncEnumerator(cancel);
        while (!stopping.IsCancellationRequested && await Next(changes))
        {
            var view = changes.Current;
            if (view.Version > version)
            {
                version = view.Version;
                var balance = new Live(view.BalanceNano / 1_000_000_000m, view.Currency, view.Version);
                yield return new SseItem<Live>(balance, "balance") { EventId = version.ToString(System.Globalization.CultureInfo.InvariantCulture) };
            }
        }

        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancel);
    }

    static async Task<bool> Next(IAsyncEnumerator<AccountView> changes)
    {
        try
        {
            return await changes.MoveNextAsync();
        }
        catch (Exception e) when (e is OrleansException or EnumerationAbortedException or TimeoutException)
        {
            return false;
        }
    }
}
