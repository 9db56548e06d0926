using System.Globalization;
using System.Net;
using System.Text.Json;
using AccountGrid.Host.Payments;

namespace AccountGrid.LoadTest.Faults;

/// <summary>
/// A bank, or a terminal of an agent, with books of its own. It sends again what was not answered, sends some payments twice and some with another body, asks
/// with <c>close</c> what became of those that it gives up, takes some back, and takes some back before it has sent them. Each payment has a definite outcome
/// when it rests.
/// </summary>
internal sealed class ChannelPayer(FaultGate gate, FaultClient client, FaultHistory history, ChannelSeat seat, int seed)
{
    /// <summary>Amounts are whole multiples of this, so that the agent's commission of 2.5 % needs no rounding.</summary>
    private const int Step = 4;

    private const decimal DepositAmount = 400m;

    private int _made;
    private int _deposits;

    public async Task RunAsync()
    {
        var random = new Random(seed);
        while (await gate.EnterAsync())
        {
            try
            {
                await StepAsync(random);
            }
            finally
            {
                gate.Leave();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(120), TimeProvider.System);
        }
    }

    private async Task StepAsync(Random random)
    {
        var isLost = seat.Agent is null && random.Next(12) == 0;
        var account = isLost ? ChannelPaymentMade.NoAccount : ChannelSeat.AccountOf(random.Next(ChannelSeat.Accounts));
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);
        var payment = new ChannelPaymentMade($"{seat.Name}-{++_made}", seat.Channel, seat.Agent, account, random.Next(1, 20) * Step, day);
        history.ChannelPayments[payment.Txn] = payment;
        if (random.Next(15) == 0)
        {
            await ReverseAsync(payment, expected: "remembered");
            payment.Status = "closed";
        }

        var answer = await PayAsync(payment, givesUp: random.Next(8) == 0);
        if (answer is { } taken && random.Next(8) == 0)
        {
            Interlocked.Increment(ref history.Resent);
            await AgainAsync(payment, taken);
        }

        if (payment.Status is "accepted" or "held" && random.Next(6) == 0)
        {
            await ReverseAsync(payment, expected: "done");
            payment.Status = "reversed";
        }
        else if (payment.Status == "rejected")
        {
            await DepositAsync();
        }
    }

    /// <summary>Pays until there is an answer, or gives up and closes the id; the answer, or null where there is none.</summary>
    private async Task<JsonElement?> PayAsync(ChannelPaymentMade payment, bool givesUp)
    {
        while (!gate.IsEnding)
        {
            var (status, body) = await SendAsync(HttpMethod.Post, "/v1/channel/payments", Request(payment, payment.Amount));
            if (status == HttpStatusCode.OK)
            {
                var outcome = body.GetProperty("status").GetString()!;
                if (payment.Status == "closed" || outcome != (payment.IsForNobody ? "held" : "accepted"))
                {
                    history.Impossible.Enqueue($"{payment.Txn}: {outcome}, and it was {payment.Status ?? "new"} for {payment.Account}");
                }

                payment.Status = outcome;
                return body;
            }

            if (IsRefusal(status))
            {
                var code = body.GetProperty("code").GetString();
                if (code != (payment.Status == "closed" ? "payment.txn_closed" : "agent.float_exhausted"))
                {
                    history.Impossible.Enqueue($"{payment.Txn}: refused with {code}");
                }

                payment.Status ??= "rejected";
                return null;
            }

            if (givesUp && payment.Status is null)
            {
                Interlocked.Increment(ref history.GivenUp);
                await CloseAsync(payment);
                return null;
            }

            await WaitAsync();
        }

        return null;
    }

    /// <summary>Asks what became of a payment and closes its id where it was never seen, so that the customer could be given the money back.</summary>
    private async Task CloseAsync(ChannelPaymentMade payment)
    {
        while (!gate.IsEnding)
        {
            var (status, body) = await SendAsync(HttpMethod.Get, $"/v1/channel/payments/{payment.Txn}?close=true", null);
            if (status == HttpStatusCode.OK && body.GetProperty("status").GetString() is { } known and not "open")
            {
                payment.Status = known;
                return;
            }

            if (IsRefusal(status))
            {
                history.Impossible.Enqueue($"{payment.Txn}: its status was refused with {(int)status!}");
                return;
            }

            await WaitAsync();
        }
    }

    private async Task AgainAsync(ChannelPaymentMade payment, JsonElement before)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "/v1/channel/payments", Request(payment, payment.Amount));
        if (status == HttpStatusCode.OK && body.GetRawText() != before.GetRawText())
        {
            history.Impossible.Enqueue($"{payment.Txn}: answered once with {before} and once with {body}");
        }

        var (other, _) = await SendAsync(HttpMethod.Post, "/v1/channel/payments", Request(payment, payment.Amount + Step));
        if (other == HttpStatusCode.OK)
        {
            history.Impossible.Enqueue($"{payment.Txn}: its id was taken a second time with another amount");
        }
    }

    private async Task ReverseAsync(ChannelPaymentMade payment, string expected)
    {
        var request = new ChannelReversalRequest($"R-{payment.Txn}", payment.Txn, Text(payment.Amount), "timeout", DateTimeOffset.UnixEpoch);
        while (!gate.IsEnding)
        {
            var (status, body) = await SendAsync(HttpMethod.Post, "/v1/channel/reversals", request);
            if (status == HttpStatusCode.OK || IsRefusal(status))
            {
                if (status != HttpStatusCode.OK || body.GetProperty("status").GetString() != expected)
                {
                    history.Impossible.Enqueue($"{payment.Txn}: its reversal was to be {expected}, and was answered {(int)status!} {body}");
                }

                return;
            }

            await WaitAsync();
        }
    }

    private async Task DepositAsync()
    {
        var reference = $"{seat.Name}-deposit-{++_deposits}";
        while (!gate.IsEnding)
        {
            var (status, body) = await SendAsync(
                HttpMethod.Post, $"/v1/agents/{seat.Agent}/float", new { kind = "deposit", amount = Text(DepositAmount), reference }, isStaff: true);
            if (status == HttpStatusCode.OK)
            {
                history.Deposits[reference] = DepositAmount;
                return;
            }

            if (IsRefusal(status))
            {
                history.Impossible.Enqueue($"{reference}: a deposit was refused with {body}");
                return;
            }

            await WaitAsync();
        }
    }

    private ChannelPaymentRequest Request(ChannelPaymentMade payment, decimal amount) =>
        new(
            payment.Txn, payment.Account, Text(amount), "CNY", new DateTimeOffset(payment.Day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8)),
            payment.Day, "cash");

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static bool IsRefusal(HttpStatusCode? status) => status is { } s && (int)s is >= 400 and < 500 and not 408 and not 429;

    private async Task WaitAsync()
    {
        Interlocked.Increment(ref history.Retried);
        await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System);
    }

    private async Task<(HttpStatusCode? Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body, bool isStaff = false)
    {
        try
        {
            var content = body is null ? null : JsonContent.Create(body, body.GetType());
            using var response = await client.SendAsync(method, path, content, gate.Ending, isStaff ? null : seat.Key);
            return (response.StatusCode, (int)response.StatusCode < 500 ? await response.Content.ReadFromJsonAsync<JsonElement>() : default);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return (null, default);
        }
    }
}
