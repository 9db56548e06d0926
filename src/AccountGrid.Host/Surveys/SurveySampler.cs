using AccountGrid.Domain.Commands;
using AccountGrid.Host.Background;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Surveys;

/// <summary>
/// Draws whom to ask from what has happened, and asks by a command in the account's log under a key made of the survey's id, so that a process that dies
/// between the two asks nobody twice.
/// </summary>
internal sealed partial class SurveySampler(
    NpgsqlDataSource database, SurveyStore store, SurveyOptions options, SurveyLinks links, IGrainFactory grains, TimeProvider time,
    ILogger<SurveySampler> logger) : PeriodicService(TimeSpan.FromSeconds(30), time)
{
    /// <summary>Surveys asked in a round.</summary>
    private const int AskMax = 200;

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        if (links.IsOn)
        {
            await RoundAsync();
        }

        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Draws once, and asks those who were drawn now or before.</summary>
    internal async Task RoundAsync()
    {
        await using (var connection = await database.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await new SurveyDraw(connection, transaction, options, Time.GetUtcNow()).RunAsync();
            await transaction.CommitAsync();
        }

        foreach (var survey in await store.NewAsync(AskMax))
        {
            try
            {
                var ask = new AskSurvey(survey.Account, survey.Id, survey.Occasion);
                var outcome = await grains.Account(survey.AccountId).Execute(ask.ToBytes(), $"survey:{survey.Account}:{survey.Id}", Requests.HashOf(ask));
                await store.AskedAsync(survey, outcome.Accepted);
            }
            catch (Exception e)
            {
                NotAsked(logger, e, survey.Id);
            }
        }
    }

    [LoggerMessage(6301, LogLevel.Warning, "Surveys could not be drawn; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6302, LogLevel.Warning, "Survey {Id} could not be asked; it is tried again.")]
    private static partial void NotAsked(ILogger logger, Exception cause, string id);
}
