using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Figures;

/// <summary>What a sum is of.</summary>
/// <param name="Day">Local day of the company, day number.</param>
/// <param name="Area">Area of the account; empty is none.</param>
/// <param name="Class">Class of the customer.</param>
/// <param name="Currency">ISO 4217 code of the account's amounts: amounts of two currencies are never added.</param>
/// <param name="Name">One of <see cref="FigureNames"/>.</param>
/// <param name="Detail">Channel, kind, stage, code or person, as the name says; empty is none.</param>
public readonly record struct FigureKey(int Day, string Area, CustomerClass Class, string Currency, string Name, string Detail);
