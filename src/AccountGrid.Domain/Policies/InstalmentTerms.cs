namespace AccountGrid.Domain.Policies;

/// <summary>Which payment plan may be offered without another person's approval.</summary>
/// <param name="Most">Most instalments, 0 (none) to <see cref="PolicyCompiler.InstalmentsMax"/>.</param>
/// <param name="FirstShareBasisPoints">Least share of the plan that its first instalment has, hundredths of a percent.</param>
public sealed record InstalmentTerms(int Most, int FirstShareBasisPoints);
