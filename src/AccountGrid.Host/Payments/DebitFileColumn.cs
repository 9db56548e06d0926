namespace AccountGrid.Host.Payments;

/// <param name="Name">Name of the column, as the first line has it.</param>
/// <param name="Field">Which value of a collection the column has.</param>
public sealed record DebitFileColumn(string Name, string Field);
