using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>Whether commands give the values of 2.8.0 and 3.8.0 that they need: each begins with a value, and what came before is not counted.</summary>
internal static class SideRegisters
{
    private static readonly Side Export = new(RegisterKind.Export, "export", MeterRefusals.ExportInvalid);

    private static readonly Side Reactive = new(RegisterKind.Reactive, "reactive energy", MeterRefusals.ReactiveInvalid);

    /// <summary>Whether an assignment changes which of the registers the meter measures.</summary>
    internal static bool Changes(MeterState meter, ReleaseMeter c) =>
        (c.MeasuresExport is { } export && export != meter.Export is not null)
        || (c.MeasuresReactive is { } reactive && reactive != meter.Reactive is not null);

    internal static bool Refuse(FoldContext context, AccountState? account, MeterState meter, ReleaseMeter c) =>
        Refuse(context, account, Export, "exportWh", meter.Export is not null, c.ExportWh, c.MeasuresExport)
        || Refuse(context, account, Reactive, "reactiveVarh", meter.Reactive is not null, c.ReactiveVarh, c.MeasuresReactive)
        || RefuseUnread(context, account, meter, c);

    internal static bool Refuse(FoldContext context, AccountState account, MeterState meter, ExchangeMeter c) =>
        RefuseFinal(context, account, Export, "finalExportWh", meter.Export is not null, c.FinalExportWh)
        || RefuseFinal(context, account, Reactive, "finalReactiveVarh", meter.Reactive is not null, c.FinalReactiveVarh);

    /// <summary>Where 1.8.0 is read and 3.8.0 is not, a factor would have active energy of days of which the reactive energy is the next account's.</summary>
    private static bool RefuseUnread(FoldContext context, AccountState? account, MeterState meter, ReleaseMeter c)
    {
        if (meter.Reactive is null || c.RegisterWh is null || c.ReactiveVarh is not null)
        {
            return false;
        }

        context.Refuse(Reactive.Code,
            "reactiveVarh: it is missing, but registerWh is given and the meter measures reactive energy; give its 3.8.0 at the same instant.", account);
        return true;
    }

    private static bool RefuseFinal(FoldContext context, AccountState account, Side side, string field, bool has, long? value)
    {
        if (value is null == !has)
        {
            return false;
        }

        context.Refuse(side.Code,
            has
                ? $"{field}: it is missing, but the meter measures {side.What}; give its last {RegisterCodes.Of(side.Register)}."
                : $"{field}: {value} is given, but the meter does not measure {side.What}; leave it out.", account);
        return true;
    }

    private static bool Refuse(FoldContext context, AccountState? account, Side side, string field, bool has, long? value, bool? asked)
    {
        var measures = asked ?? has;
        if (value is not null && !measures && !has)
        {
            context.Refuse(side.Code, $"{field}: {value} is given, but the meter does not measure {side.What}; leave it out, or say that it does.", account);
            return true;
        }

        if (measures != has && measures && value is null)
        {
            context.Refuse(side.Code,
                $"{field}: it is missing; give {RegisterCodes.Of(side.Register)} at the instant from which on {side.What} is measured.", account);
            return true;
        }

        if (measures != has && account is { Customer.Supply.Relay: not Relay.On })
        {
            context.Refuse(MeterRefusals.RelayOff, "The account's supply is off, or about to be: a meter's registers are changed while it is on.", account);
            return true;
        }

        return false;
    }

    private sealed record Side(RegisterKind Register, string What, RefusalCode Code);
}
