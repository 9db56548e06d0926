namespace AccountGrid.Domain.Refusals;

/// <summary>The codes of one subject.</summary>
/// <param name="Name">Name of the subject, as a heading.</param>
/// <param name="Summary">What its codes have in common, as one or two sentences.</param>
/// <param name="Codes">The codes in the order of the source.</param>
public sealed record RefusalSubject(string Name, string Summary, IReadOnlyList<RefusalCode> Codes);
