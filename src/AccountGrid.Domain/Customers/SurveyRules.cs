using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AccountGrid.Domain.Customers;

/// <summary>Whom a survey may ask, and how long it can be answered.</summary>
public static class SurveyRules
{
    /// <summary>Days in which a customer is asked once at most.</summary>
    public const int DaysBetween = 90;

    /// <summary>How long a survey can be answered after it was asked, ms.</summary>
    public const long OpenMs = 14 * Instants.MsPerDay;

    private const int Whole = 1_000;

    /// <summary>Whether a customer may be asked on a local day: never before, or 90 days ago and more. Days are day numbers.</summary>
    public static bool MayAsk(int? lastAskedDay, int today) => lastAskedDay is not { } last || today - last >= DaysBetween;

    /// <summary>Whether a survey can be answered: from when it was asked on, for 14 days. Instants are UTC ms.</summary>
    public static bool IsOpen(long askedMs, long nowMs) => nowMs >= askedMs && nowMs - askedMs < OpenMs;

    /// <summary>
    /// Whether an occasion is drawn. Its own name decides, so that whoever draws it again comes to the same, and nobody can choose whom to ask.
    /// </summary>
    /// <param name="occasion">The occasion's name: partition, position and sequence of its event.</param>
    /// <param name="perMille">Share of occasions that is drawn, 0 to 1,000.</param>
    public static bool IsDrawn(string occasion, int perMille) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(occasion))) % Whole < perMille;
}
