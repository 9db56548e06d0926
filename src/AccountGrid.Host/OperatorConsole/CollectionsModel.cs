using AccountGrid.Host.Cases;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Figures;
using AccountGrid.Host.Http;
using AccountGrid.Host.Supply;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Collections: what is owed and since when, what waits to be delivered, what is about to be cut, and who is responsible where.</summary>
/// <param name="Month">Whose standing is shown, with the eleven before it: <c>2026-10</c>.</param>
/// <param name="Area">Only this area's figures; null is all.</param>
/// <param name="State">Which relay commands are listed.</param>
/// <param name="Figures">By month.</param>
/// <param name="Deliveries">Cases of stop notices that somebody must bring.</param>
public sealed record CollectionsModel(
    string Month, string? Area, string State, ConsolePart<FiguresAnswer> Figures, ConsolePart<Page<CaseAnswer>> Deliveries,
    ConsolePart<Page<OpenRelayAnswer>> Relays, ConsolePart<Page<AreaAnswer>> Areas);
