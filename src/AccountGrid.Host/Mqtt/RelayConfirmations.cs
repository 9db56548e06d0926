using System.Globalization;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Supply;

namespace AccountGrid.Host.Mqtt;

/// <summary>What gateways say of relay commands on a profile's topic, taken as POST /v1/gateways/{id}/relays takes it.</summary>
internal sealed class RelayConfirmations(RelayRule? rule, MqttGateways gateways, RelayReports reports, ProfileStatus status, TimeProvider time)
{
    /// <summary>Confirmations of one message.</summary>
    private const int ItemsMax = 200;

    /// <summary>The topic's variables where it is the one of confirmations.</summary>
    public Dictionary<string, string>? Match(string topic) => rule?.ConfirmTopic.Match(topic);

    /// <summary>Takes a message; says what of it was refused. Throws what the log throws: nothing is then known of what was not answered.</summary>
    public async Task<IReadOnlyList<LineRefusal>> TakeAsync(string gateway, Arrival arrival)
    {
        var number = await gateways.FindAsync(gateway);
        if (number == 0)
        {
            return [new LineRefusal(1, new Refusal(MqttRefusals.GatewayUnknown, $"topic: there is no gateway '{MessageText.Short(gateway)}'."))];
        }

        var (found, errors) = Read(arrival.Payload, time.GetUtcNow());
        foreach (var (item, confirmation) in found)
        {
            var turnsOn = confirmation.IsOn ?? await reports.TurnsOnAsync(confirmation.Meter, confirmation.Sequence);
            if (turnsOn is not { } isOn)
            {
                errors.Add(new LineRefusal(item, new Refusal(RelayRefusals.Superseded,
                    $"sequence: {confirmation.Sequence} is not a command that meter '{confirmation.Meter}' waits for.")));
                continue;
            }

            var answer = await reports.TakeAsync(new RelayReport(confirmation.Meter, confirmation.Sequence, isOn ? "on" : "off", confirmation.At), number);
            if (answer.Code is { } code)
            {
                errors.Add(new LineRefusal(item, new Refusal(RefusalCatalogue.Find(code), answer.Detail!)));
            }
        }

        return errors;
    }

    internal (List<(int Item, RelayConfirmation Found)> Found, List<LineRefusal> Errors) Read(byte[] payload, DateTimeOffset now)
    {
        var (found, errors) = (new List<(int, RelayConfirmation)>(), new List<LineRefusal>());
        try
        {
            using var document = JsonMessage.Parse(payload, out var wrong);
            if (document is null)
            {
                return (found, [new LineRefusal(1, wrong!)]);
            }

            var root = document.RootElement;
            var number = 0;
            foreach (var (item, _) in (rule!.Items?.Each(root) ?? [(root, [])]).Take(ItemsMax))
            {
                number++;
                if (!rule.When.All(w => w.Holds(item, root)))
                {
                    status.Skipped(1);
                }
                else if (ReadOne(item, root, now, out var refusal) is { } confirmation)
                {
                    found.Add((number, confirmation));
                }
                else
                {
                    errors.Add(new LineRefusal(number, refusal!));
                }
            }
        }
        catch (InvalidOperationException e)
        {
            errors.Add(new LineRefusal(1, new Refusal(MqttRefusals.PayloadInvalid, $"The message cannot be read: {MessageText.Short(e.Message)}")));
        }

        return (found, errors);
    }

    private RelayConfirmation? ReadOne(JsonElement item, JsonElement root, DateTimeOffset now, out Refusal? refusal)
    {
        refusal = null;
        if (rule!.Meter.Find(item, root) is not { ValueKind: JsonValueKind.String } meter || !Ids.IsValid(meter.GetString()))
        {
            refusal = new Refusal(RequestRefusals.IdInvalid, $"{rule.Meter}: missing, or not a meter's id of {Ids.Right}.");
            return null;
        }

        if (rule.Sequence.Find(item, root) is not { } sequence || !TryNumber(sequence, out var number))
        {
            refusal = new Refusal(RelayRefusals.Superseded, $"{rule.Sequence}: missing, or not the number of a command.");
            return null;
        }

        bool? isOn = null;
        if (rule.State is { } state)
        {
            var value = state.At.Find(item, root);
            isOn = value is not { } v ? null : ProfileCondition.IsSame(v, state.On) ? true : ProfileCondition.IsSame(v, state.Off) ? false : null;
            if (isOn is null)
            {
                refusal = new Refusal(RelayRefusals.StateInvalid,
                    $"{state.At}: '{(value is { } shown ? MessageText.Of(shown) : "")}' is not {MessageText.Of(state.On)} or {MessageText.Of(state.Off)}.");
                return null;
            }
        }

        var at = now;
        if (rule.Time is { } time)
        {
            if (time.At.Find(item, root) is not { } value)
            {
                refusal = new Refusal(ReadingRefusals.TimeMissing, $"{time.At}: missing; when the relay was so.");
                return null;
            }

            if (!time.TryRead(value, out var ms, out var problem))
            {
                refusal = new Refusal(ReadingRefusals.TimeInvalid, $"{time.At}: {problem}");
                return null;
            }

            at = Instants.ToInstant(ms);
        }

        return new RelayConfirmation(meter.GetString()!, number, isOn, at);
    }

    private static bool TryNumber(JsonElement value, out int number)
    {
        number = 0;
        return value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetInt32(out number) && number >= 0,
            JsonValueKind.String => int.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
    }
}
