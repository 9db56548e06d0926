namespace AccountGrid.Domain.Figures;

/// <summary>Receivables by age, and across the end of the year.</summary>
public static class Ageing
{
    private static readonly int[] LastDays = [0, 30, 60, 90, 180, 365];

    /// <summary>The bucket of so many days after the due day; 0 and less are not due.</summary>
    public static AgeingBucket BucketOf(int daysOverdue) => (AgeingBucket)LastDays.Count(last => daysOverdue > last);

    /// <summary>Every bucket, empty ones included, in order. The amounts sum to what is open.</summary>
    /// <param name="today">The local day on which the age is taken.</param>
    public static IReadOnlyList<AgeingRow> Of(IEnumerable<Receivable> receivables, int today)
    {
        var newYear = new DateOnly(DateOnly.FromDayNumber(today).Year, 1, 1).DayNumber;
        var amounts = new Money[LastDays.Length + 1];
        var earlier = new Money[LastDays.Length + 1];
        foreach (var item in receivables)
        {
            var bucket = (int)BucketOf(today - item.DueDay);
            amounts[bucket] += item.Open;
            earlier[bucket] += item.DueDay < newYear ? item.Open : Money.Zero;
        }

        return [.. amounts.Select((a, i) => new AgeingRow((AgeingBucket)i, a, earlier[i]))];
    }
}
