namespace AccountGrid.Host.Payments;

/// <param name="Name">In the line of names.</param>
/// <param name="Field">What stands in it.</param>
public sealed record DebitFileColumn(string Name, string Field);
