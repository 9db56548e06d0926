namespace AccountGrid.Host.Customers;

/// <param name="Lines">Assignments that the file holds.</param>
/// <param name="IsNew">False: the same file was imported before, and nothing was changed.</param>
public sealed record AssignmentFileAnswer(int Lines, bool IsNew);
