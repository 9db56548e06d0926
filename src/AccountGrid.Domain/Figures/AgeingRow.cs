namespace AccountGrid.Domain.Figures;

/// <summary>A bucket's sum.</summary>
/// <param name="OfEarlierYears">The part that was due in an earlier calendar year: its late fee is higher in China.</param>
public readonly record struct AgeingRow(AgeingBucket Bucket, Money Amount, Money OfEarlierYears);
