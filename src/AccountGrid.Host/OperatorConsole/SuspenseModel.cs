using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Payments that wait for a person to say whose they are.</summary>
public sealed record SuspenseModel(string? Channel, ConsolePart<Page<HeldPayment>> Held);
