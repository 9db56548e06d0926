namespace AccountGrid.Domain.Figures;

/// <summary>How often each answer of a scale from 1 to its length was given: five for satisfaction, seven for effort (7: very easy).</summary>
public sealed record AnswerCounts(IReadOnlyList<long> Counts)
{
    public const int SatisfactionMax = 5;
    public const int EffortMax = 7;

    private const int SatisfiedFrom = 4;
    private const int EasyFrom = 5;

    public long Total => Counts.Sum();

    /// <summary>The mean answer; null without answers.</summary>
    public double? Mean => Total == 0 ? null : (double)Counts.Select((c, i) => c * (i + 1)).Sum() / Total;

    /// <summary>Customer satisfaction: answers of 4 and 5 of 5.</summary>
    public Proportion Satisfied => From(SatisfactionMax, SatisfiedFrom);

    /// <summary>Customer effort: answers of 5 and more of 7.</summary>
    public Proportion Easy => From(EffortMax, EasyFrom);

    /// <summary>Counts the answers of a scale.</summary>
    /// <exception cref="InvariantBrokenException">An answer is not on the scale.</exception>
    public static AnswerCounts Of(int scale, IEnumerable<int> answers)
    {
        var counts = new long[scale];
        foreach (var answer in answers)
        {
            Invariant.Holds(answer >= 1 && answer <= scale, $"{answer} is no answer of 1 to {scale}.");
            counts[answer - 1]++;
        }

        return new(counts);
    }

    private Proportion From(int scale, int least)
    {
        Invariant.Holds(Counts.Count == scale, $"A scale of {Counts.Count} is not one of {scale}.");
        return new(Counts.Skip(least - 1).Sum(), Total);
    }
}
