using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace AccountGrid.Client;

/// <summary>
/// Asks for accounts, balances and ledgers, and takes payments. A request that the grid says "not now" to, or that does not reach it, is sent again for two
/// minutes; what moves money has a key of yours and is done once. Refusals are <see cref="GridException"/>s.
/// </summary>
/// <param name="http">Has the grid's address, and the key as its Authorization.</param>
/// <param name="time">The clock; the system's if null.</param>
public sealed class AccountGridClient(HttpClient http, TimeProvider? time = null)
{
    /// <summary>How long a request may take.</summary>
    internal static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Accounts that one request asks about.</summary>
    private const int BalancesMax = 2_000;

    private readonly GridConnection _connection = new(http, time);
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>An account.</summary>
    public Task<Account> GetAccountAsync(string account, CancellationToken cancel = default) => GetAsync(PathOf(account), ClientJson.Default.Account, cancel);

    /// <summary>The live balance.</summary>
    /// <param name="account">Id of the account.</param>
    /// <param name="after">Position of a receipt: the balance then includes it. Null asks for the balance as it is.</param>
    /// <param name="cancel">Ends the request.</param>
    public Task<AccountBalance> GetBalanceAsync(string account, long? after = null, CancellationToken cancel = default) => GetAsync(
        after is { } position ? string.Create(CultureInfo.InvariantCulture, $"{PathOf(account)}/balance?after={position}") : $"{PathOf(account)}/balance",
        ClientJson.Default.AccountBalance, cancel);

    /// <summary>Live balances of any number of accounts, in requests of 2,000.</summary>
    public async Task<ListedBalances> GetBalancesAsync(IEnumerable<string> accounts, CancellationToken cancel = default)
    {
        var (data, unknown) = (new List<BalanceOfAccount>(), new List<string>());
        foreach (var some in accounts.Distinct(StringComparer.Ordinal).Chunk(BalancesMax))
        {
            using var response = await _connection.SendAsync(
                () => Post("/v1/accounts/balances", new BalancesAsked(some), ClientJson.Default.BalancesAsked, null), cancel: cancel).ConfigureAwait(false);
            var answer = await ReadAsync(response, ClientJson.Default.ListedBalances, cancel).ConfigureAwait(false);
            data.AddRange(answer.Data);
            unknown.AddRange(answer.Unknown);
        }

        return new ListedBalances(data, unknown);
    }

    /// <summary>The balance now and at each change, until it is cancelled. Connections that break are made again; versions never
    /// go back, so that after a restore of the grid's database a new watch is needed.</summary>
    /// <exception cref="GridException">The key may not see the account, or there is none; also later, when a key has ended.</exception>
    public IAsyncEnumerable<AccountBalance> WatchBalanceAsync(string account, CancellationToken cancel = default) =>
        new BalanceWatch(_connection.Http, $"{PathOf(account)}/stream", _time).RunAsync(cancel);

    /// <summary>The ledger, newest first.</summary>
    public IAsyncEnumerable<LedgerEntry> GetEntriesAsync(string account, CancellationToken cancel = default) =>
        ListAsync($"{PathOf(account)}/entries?limit=500", ClientJson.Default.GridPageLedgerEntry, cancel);

    /// <summary>Everything that happened to an account, newest first.</summary>
    /// <param name="account">Id of the account.</param>
    /// <param name="kind">One of the kinds of <see cref="TimelineItem.Kind"/>; null is all.</param>
    /// <param name="cancel">Ends the requests.</param>
    public IAsyncEnumerable<TimelineItem> GetTimelineAsync(string account, string? kind = null, CancellationToken cancel = default) => ListAsync(
        kind is null ? $"{PathOf(account)}/timeline?limit=500" : $"{PathOf(account)}/timeline?limit=500&kind={Uri.EscapeDataString(kind)}",
        ClientJson.Default.GridPageTimelineItem, cancel);

    /// <summary>Energy from a local day to another, both included.</summary>
    public Task<EnergyUse> GetEnergyAsync(string account, EnergyBy by, DateOnly from, DateOnly to, CancellationToken cancel = default)
    {
        var name = by switch { EnergyBy.Hour => "hour", EnergyBy.Period => "period", _ => "day" };
        return GetAsync($"{PathOf(account)}/consumption?by={name}&from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}", ClientJson.Default.EnergyUse, cancel);
    }

    /// <summary>Takes a payment.</summary>
    /// <param name="account">Id of the account.</param>
    /// <param name="payment">What was paid.</param>
    /// <param name="key">Idempotency key of your choice, 1 to 128 characters: what is sent again under it counts once.</param>
    /// <param name="cancel">Ends the request; whether it was taken is then not known, and sending it again under its key tells.</param>
    public Task<MoneyReceipt> PayAsync(string account, Payment payment, string key, CancellationToken cancel = default) =>
        MoneyAsync($"{PathOf(account)}/payments", payment, ClientJson.Default.Payment, key, cancel);

    /// <summary>Takes back a payment that bounced.</summary>
    public Task<MoneyReceipt> ReverseAsync(string account, Reversal reversal, string key, CancellationToken cancel = default) =>
        MoneyAsync($"{PathOf(account)}/reversals", reversal, ClientJson.Default.Reversal, key, cancel);

    /// <summary>Pays credit out.</summary>
    public Task<MoneyOrApproval> RefundAsync(string account, Refund refund, string key, CancellationToken cancel = default) =>
        ApprovableAsync($"{PathOf(account)}/refunds", refund, ClientJson.Default.Refund, key, cancel);

    /// <summary>Corrects a balance by a person's decision.</summary>
    public Task<MoneyOrApproval> AdjustAsync(string account, Adjustment adjustment, string key, CancellationToken cancel = default) =>
        ApprovableAsync($"{PathOf(account)}/adjustments", adjustment, ClientJson.Default.Adjustment, key, cancel);

    private static string PathOf(string account) => $"/v1/accounts/{Uri.EscapeDataString(account)}";

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var response = await _connection.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancel: cancel).ConfigureAwait(false);
        return await ReadAsync(response, type, cancel).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<T> ListAsync<T>(string path, JsonTypeInfo<GridPage<T>> type, [EnumeratorCancellation] CancellationToken cancel)
    {
        string? cursor = null;
        do
        {
            var page = await GetAsync(cursor is null ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}", type, cancel).ConfigureAwait(false);
            foreach (var item in page.Data)
            {
                yield return item;
            }

            cursor = page.HasMore ? page.NextCursor : null;
        }
        while (cursor is not null);
    }

    private async Task<MoneyReceipt> MoneyAsync<T>(string path, T body, JsonTypeInfo<T> type, string key, CancellationToken cancel)
    {
        using var response = await _connection.SendAsync(() => Post(path, body, type, key), cancel: cancel).ConfigureAwait(false);
        return await ReadAsync(response, ClientJson.Default.MoneyReceipt, cancel).ConfigureAwait(false);
    }

    private async Task<MoneyOrApproval> ApprovableAsync<T>(string path, T body, JsonTypeInfo<T> type, string key, CancellationToken cancel)
    {
        using var response = await _connection.SendAsync(() => Post(path, body, type, key), cancel: cancel).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.Accepted
            ? new MoneyOrApproval(null, (await ReadAsync(response, ClientJson.Default.ApprovalAsked, cancel).ConfigureAwait(false)).Approval)
            : new MoneyOrApproval(await ReadAsync(response, ClientJson.Default.MoneyReceipt, cancel).ConfigureAwait(false), null);
    }

    private static HttpRequestMessage Post<T>(string path, T body, JsonTypeInfo<T> type, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, type) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return request;
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancel) =>
        await response.Content.ReadFromJsonAsync(type, cancel).ConfigureAwait(false)
            ?? throw new GridException(response.StatusCode, GridException.UnknownCode, "The answer is null.");
}
