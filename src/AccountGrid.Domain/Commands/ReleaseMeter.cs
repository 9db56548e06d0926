namespace AccountGrid.Domain.Commands;

/// <summary>The meter goes to another account at an instant. Decided where it is; it then arrives there as <see cref="ReceiveMeter"/>.</summary>
/// <param name="RegisterWh">Its register then; null takes the last value known at that instant.</param>
public sealed record ReleaseMeter(int Meter, int ToAccount, int ToPartition, long AtMs, long? RegisterWh) : GridCommand;
