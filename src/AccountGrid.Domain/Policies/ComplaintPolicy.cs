namespace AccountGrid.Domain.Policies;

/// <summary>Clocks of complaints, in working days after the day of the complaint.</summary>
/// <param name="ContactBusinessDays">Until a person has spoken with who complained, 1 to 60.</param>
/// <param name="AnswerBusinessDays">Until it is resolved, at least as many, at most 120.</param>
public sealed record ComplaintPolicy(int ContactBusinessDays, int AnswerBusinessDays);
