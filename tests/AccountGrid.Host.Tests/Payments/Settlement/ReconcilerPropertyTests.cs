using AccountGrid.Host.Payments;
using AccountGrid.Host.Reconciliation;
using AccountGrid.Host.Settlement.Formats;
using static AccountGrid.Host.Tests.Payments.Settlement.ReconcilerTests;

namespace AccountGrid.Host.Tests.Payments.Settlement;

/// <summary>Whatever the order of files and entries, and however the lines are spread over files, the comparison finds the same.</summary>
public sealed class ReconcilerPropertyTests
{
    private const int Worlds = 400;

    [Fact]
    public void Any_shuffle_split_or_repetition_of_files_gives_the_same_result()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var random = new Random(seed);
            var (lines, own) = World(random);
            var whole = Text(Reconcile(Files(lines), own));
            var shuffled = Shuffle(random, Files(Shuffle(random, lines)));
            Assert.True(whole == Text(Reconcile(shuffled, Shuffle(random, own))), $"seed {seed}: shuffled");
            var parts = Files(lines, _ => random.Next(4), random);
            Assert.True(whole == Text(Reconcile(Shuffle(random, parts), Shuffle(random, own))), $"seed {seed}: split");
            var repeated = Files(lines, _ => 9).Concat(parts).Concat(Files(lines, _ => 8));
            Assert.True(whole == Text(Reconcile(Shuffle(random, repeated), Shuffle(random, own.Concat(own)))), $"seed {seed}: repeated");
        }
    }

    [Fact]
    public void What_differs_explains_the_difference_of_the_books_to_the_last_unit()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var (lines, own) = World(new Random(seed));
            var outcome = Reconcile(Files(lines), own);
            var money = outcome.Lines.Where(l => l.Line.Kind != SettlementLineKind.Fee).ToList();
            var books = money.Sum(l => Signed(l.Line)) - own.Sum(Signed);
            var explained = money.Sum(l => l.Result switch
            {
                ReconciliationResult.MissingHere or ReconciliationResult.Duplicate => Signed(l.Line),
                ReconciliationResult.Amount => Signed(l.Line) - Signed(l.Own!),
                _ => 0,
            }) - outcome.MissingThere.Sum(o => Signed(o.Own));
            Assert.True(books == explained, $"seed {seed}: the books differ by {books}, and {explained} is explained.");
        }
    }

    [Fact]
    public void A_reversal_before_its_payment_ends_in_the_same_result_as_one_after_it()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var random = new Random(seed);
            List<SettlementLine> lines = [];
            List<OwnEntry> inOrder = [];
            List<OwnEntry> reversed = [];
            for (var i = 0; i < 8; i++)
            {
                var amount = $"{random.Next(1, 9)}";
                lines.Add(Paid($"T{i}", amount));
                var payment = Own($"T{i}", amount);
                if (random.Next(2) == 0)
                {
                    inOrder.Add(payment);
                    reversed.Add(payment);
                    continue;
                }

                // The reversal comes first: the grid closes the id and has neither afterwards.
                lines.Add(Refund($"R{i}", $"T{i}", amount));
                inOrder.AddRange([payment, Reversal($"R{i}", $"T{i}", amount)]);
            }

            var (one, other) = (Reconcile(Files(lines), inOrder), Reconcile(Files(lines), reversed));
            Assert.All(one.Lines.Concat(other.Lines), l => Assert.Equal(ReconciliationResult.Matched, l.Result));
            Assert.Empty(one.MissingThere.Concat(other.MissingThere));
        }
    }

    [Fact]
    public void Payments_that_come_after_their_file_end_in_the_same_result()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var random = new Random(seed);
            var (lines, own) = World(random);
            var before = Reconcile(Files(lines), own.Where(_ => random.Next(2) == 0));
            var after = Reconcile(Files(lines), own);
            Assert.Equal(before.Lines.Select(l => l.Key), after.Lines.Select(l => l.Key));
            var known = before.Lines.Where(l => l.Result == ReconciliationResult.Matched && l.Own is { IsReversal: false } o && o.Txn == l.Line.ChannelTxnId)
                .Select(l => l.Key).ToHashSet();
            Assert.All(after.Lines.Where(l => known.Contains(l.Key) && !own.Any(o => o.IsReversal && o.Original == l.Line.ChannelTxnId)),
                l => Assert.Equal(ReconciliationResult.Matched, l.Result));
        }
    }

    /// <summary>A channel's days and the grid's, with few ids, amounts and accounts, so that all that can meet does.</summary>
    private static (List<SettlementLine> Lines, List<OwnEntry> Own) World(Random random)
    {
        List<SettlementLine> lines = [];
        List<OwnEntry> own = [];
        for (var i = 0; i < 10; i++)
        {
            var (txn, amount, day) = ($"T{i}", $"{random.Next(1, 4)}", random.Next(-1, 2));
            var (account, reference) = (random.Next(3) == 0 ? null : $"A{random.Next(3)}", random.Next(3) == 0 ? null : $"E{random.Next(6)}");
            var isHere = random.Next(5) > 0;
            var isThere = random.Next(5) > 0;
            if (isHere)
            {
                own.Add(Own(txn, amount, day, account, reference));
            }

            if (isThere)
            {
                var line = Paid(random.Next(6) == 0 ? null : txn, random.Next(8) == 0 ? "7" : amount, random.Next(6) == 0 ? 0 : day, account, "0", reference);
                lines.AddRange(Enumerable.Repeat(line, random.Next(9) == 0 ? 2 : 1));
            }

            if (random.Next(3) == 0 && isHere)
            {
                own.Add(Reversal($"R{i}", txn, amount, day));
            }

            if (random.Next(3) == 0)
            {
                lines.Add(Refund(random.Next(3) == 0 ? null : $"R{i}", random.Next(4) == 0 ? null : txn, random.Next(8) == 0 ? "1" : amount, day, reference));
            }

            if (random.Next(6) == 0)
            {
                lines.Add(Charge(txn, "0.10"));
            }
        }

        return (lines, own);
    }

    /// <summary>Lines as files. Equal lines stay in one file: in two they could not be told from a repetition.</summary>
    private static List<FileLine> Files(IEnumerable<SettlementLine> lines, Func<int, int>? fileOf = null, Random? shuffle = null)
    {
        var all = lines.ToList();
        if (shuffle is not null)
        {
            all = Shuffle(shuffle, all);
        }

        var files = new Dictionary<string, int>();
        return
            [
                .. all.Select((l, i) =>
                {
                    var content = SettlementListing.Line(l);
                    files.TryAdd(content, fileOf?.Invoke(i) ?? 0);
                    return new FileLine($"F{files[content]}", i, l with { Line = i + 2 });
                })];
    }

    private static ReconciliationOutcome Reconcile(IEnumerable<FileLine> lines, IEnumerable<OwnEntry> own) =>
        Reconciler.Run(lines, own, new AgreedFee(new PaymentChannelFee("0.10", 0, "company"), 2), ReconcilerTests.Business, new Dictionary<string, string>());

    private static string Text(ReconciliationOutcome o) => string.Join('\n', o.Lines.Select(l => $"{l.Key} {l.Result} {l.Own?.Txn} {l.Proposal?.Txn}")
        .Concat(o.MissingThere.Select(m => $"{m.Key} {m.Own.Txn} {m.Proposal}")));

    private static long Signed(SettlementLine l) => l.Kind == SettlementLineKind.Refund ? -l.Amount.Nano : l.Amount.Nano;

    private static long Signed(OwnEntry o) => o.IsReversal ? -o.Amount.Nano : o.Amount.Nano;

    private static List<T> Shuffle<T>(Random random, IEnumerable<T> items)
    {
        var all = items.ToArray();
        random.Shuffle(all);
        return [.. all];
    }
}
