using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Settlement.Formats;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Reconciliation;

/// <summary>What a comparison needs: lines of files and the grid's own entries around some days, and whatever shares an id with them.</summary>
internal static class ReconciliationStore
{
    /// <summary>Days after its own at which a reversal may have reached the grid.</summary>
    private const int LateDays = 60;

    private const string LineColumns =
        "settlement, ordinal, line, kind, txn, refs::text as refs, amount_nano, fee_nano, at, business_day, account, original";

    /// <summary>One change of a channel's reconciliation at a time.</summary>
    public static Task LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string channel) =>
        connection.ExecuteAsync("select pg_advisory_xact_lock(hashtext('reconciliation:' || @channel))", new { channel }, transaction);

    /// <summary>Own entries and lines for the comparison of some days.</summary>
    public static async Task<(List<FileLine> Lines, List<OwnEntry> Own)> LoadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentChannelDefinition d, DateOnly from, DateOnly to)
    {
        // A pair is proposed only where neither side is near a third: what is near the other side is read too.
        var (first, last) = (from.AddDays(-2 * Reconciler.DaysNear), to.AddDays(2 * Reconciler.DaysNear));
        var minutes = 1_440 - PaymentChannelRules.CutOffMinute(d.CutOff)!.Value;
        var reversals = await ReversalsAsync(
            "r.created_at between @first::date - 2 and @last::date + @late and r.business_day between @first and @last",
            new { channel = d.Id, first, last, late = LateDays, d.Zone, minutes });
        var own = await PaymentsAsync("business_day between @first and @last or txn = any(@ids)",
            new { channel = d.Id, first, last, ids = reversals.Select(r => r.Original!).ToArray() });
        var txns = own.Select(o => o.Txn).ToArray();
        var lines = (await connection.QueryAsync<LineRow>(
            $"""
            select {LineColumns} from channel_settlement_line
            where channel = @channel and (business_day between @first and @last or txn = any(@txns) or original = any(@txns))
            """,
            new { channel = d.Id, first, last, txns }, transaction)).Select(r => r.ToLine()).ToList();
        var ids = lines.SelectMany(l => l.Line.References.Select(r => r.Value).Append(l.Line.ChannelTxnId).Append(l.Line.Original)).OfType<string>().Distinct()
            .Except(txns).ToArray();
        own.AddRange(await PaymentsAsync("txn = any(@ids)", new { channel = d.Id, ids }));
        reversals.AddRange(await ReversalsAsync(
            "r.txn = any(@ids) or r.original = any(@originals)",
            new { channel = d.Id, ids, originals = own.Select(o => o.Txn).ToArray(), d.Zone, minutes }));
        return (lines, [.. own, .. reversals]);

        async Task<List<OwnEntry>> PaymentsAsync(string where, object parameters) =>
            [
                .. (await connection.QueryAsync<OwnRow>(
                    $"""
                    select txn, null as original, facts->>'externalRefs' as refs, amount_nano, paid_at as at, business_day, account from channel_payment
                    where channel = @channel and body_hash is not null and status in ('accepted', 'held', 'reversed') and ({where})
                    """,
                    parameters, transaction)).Select(r => r.ToEntry(isReversal: false))];

        async Task<List<OwnEntry>> ReversalsAsync(string where, object parameters) =>
            [
                .. (await connection.QueryAsync<OwnRow>(
                    $"""
                    select r.txn, r.original, null as refs, p.amount_nano, r.at, r.business_day, p.account from
                      (select *, (request->>'at')::timestamptz as at,
                         (((request->>'at')::timestamptz at time zone @Zone) + make_interval(mins => @minutes))::date as business_day
                       from channel_reversal) r
                    join channel_payment p on p.channel = r.channel and p.txn = r.original
                    where r.channel = @channel and r.status = 'done' and ({where})
                    """,
                    parameters, transaction)).Select(r => r.ToEntry(isReversal: true))];
    }

    /// <summary>Writes what was found about lines; those of signed days keep what they had.</summary>
    public static Task SetResultsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IEnumerable<ReconciledLine> lines, IReadOnlyCollection<DateOnly> signed)
    {
        var places = lines.SelectMany(l => l.Places.Select(p => (p.Settlement, p.Ordinal, Result: ReconciliationResults.Name(l.Result), Own: l.Own?.Txn,
            IsSigned: signed.Contains(l.Line.BusinessDay)))).ToList();
        return connection.ExecuteAsync(
            """
            update channel_settlement_line l set result = v.result, matched_with = v.own
            from unnest(@files, @ordinals, @results, @owns, @signed) as v (settlement, ordinal, result, own, signed)
            where l.settlement = v.settlement and l.ordinal = v.ordinal and (l.result is null or not v.signed)
              and (l.result, l.matched_with) is distinct from (v.result, v.own)
            """,
            new
            {
                files = places.Select(p => p.Settlement).ToArray(),
                ordinals = places.Select(p => p.Ordinal).ToArray(),
                results = places.Select(p => p.Result).ToArray(),
                owns = places.Select(p => p.Own).ToArray(),
                signed = places.Select(p => p.IsSigned).ToArray(),
            },
            transaction);
    }

    /// <summary>What people have decided to be the same.</summary>
    public static async Task<Dictionary<string, string>> PairsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string channel)
    {
        var rows = await connection.QueryAsync<(string Line, string Own)>(
            "select line_key, own_txn from reconciliation_pair where channel = @channel", new { channel }, transaction);
        return rows.ToDictionary(r => r.Line, r => r.Own);
    }

    /// <summary>A row of <c>channel_settlement_line</c>. Names are those of its columns.</summary>
    private sealed record LineRow
    {
        public string Settlement { get; init; } = "";

        public int Ordinal { get; init; }

        public int Line { get; init; }

        public string Kind { get; init; } = "";

        public string? Txn { get; init; }

        public string Refs { get; init; } = "";

        public long Amount_Nano { get; init; }

        public long Fee_Nano { get; init; }

        public DateTimeOffset? At { get; init; }

        public DateOnly Business_Day { get; init; }

        public string? Account { get; init; }

        public string? Original { get; init; }

        public FileLine ToLine() => new(
            Settlement, Ordinal, new(
                Line,
                Kind == "payment" ? SettlementLineKind.Payment : Kind == "refund" ? SettlementLineKind.Refund : SettlementLineKind.Fee,
                Txn, JsonSerializer.Deserialize<List<SettlementReference>>(Refs, ApiJson.Options)!, new Money(Amount_Nano), new Money(Fee_Nano), At,
                Business_Day, Account, Original));
    }

    /// <summary>A row of <c>channel_payment</c> or <c>channel_reversal</c>.</summary>
    private sealed record OwnRow
    {
        public string Txn { get; init; } = "";

        public string? Original { get; init; }

        public string? Refs { get; init; }

        public long Amount_Nano { get; init; }

        public DateTimeOffset At { get; init; }

        public DateOnly Business_Day { get; init; }

        public string? Account { get; init; }

        public OwnEntry ToEntry(bool isReversal)
        {
            var references = Refs is null ? [] : JsonSerializer.Deserialize<List<ChannelReference>>(Refs, ApiJson.Options)!;
            return new(
                isReversal, Txn, Original, [.. references.Where(r => r.Kind != "mandate").Select(r => r.Value)], new Money(Amount_Nano), At, Business_Day,
                Account);
        }
    }
}
