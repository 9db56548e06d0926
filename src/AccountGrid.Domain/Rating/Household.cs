namespace AccountGrid.Domain.Rating;

/// <param name="Size">Persons; 0 is not known and has the base allowance.</param>
/// <param name="Protected">Protected household with free units (五保户, 低保户 and their like).</param>
public readonly record struct Household(byte Size, bool Protected)
{
    /// <summary>Most persons of one household.</summary>
    public const int SizeMax = Limits.HouseholdMax;

    /// <summary>Most earlier households that an account remembers.</summary>
    public const int FormerMax = 64;
}
