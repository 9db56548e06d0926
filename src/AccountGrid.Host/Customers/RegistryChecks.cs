using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Customers;

/// <summary>Checks of what people enter about customers. Each says what is wrong as a refusal that names field, value and what would be right.</summary>
internal static class RegistryChecks
{
    /// <summary>Longest name of a person, customer or area, characters.</summary>
    public const int NameMaxLength = 128;

    private const int ChannelsMax = 5;
    private static readonly string[] ChannelNames = ["sms", "email", "webhook", "file"];

    public static Refusal? Name(string field, string? text) =>
        string.IsNullOrWhiteSpace(text) || text.Length > NameMaxLength || text.Trim() != text
            ? new(RequestRefusals.TextInvalid, $"{field}: '{text}' is not 1 to {NameMaxLength} characters without spaces around them.")
            : Requests.CheckText(field, text);

    /// <summary>A text that is not empty.</summary>
    public static Refusal? Text(string field, string? text) =>
        string.IsNullOrWhiteSpace(text) ? new(RequestRefusals.TextInvalid, $"{field}: it is empty.") : Requests.CheckText(field, text);

    /// <summary>A person as keys and operators are named. <c>none</c> and <c>me</c> mean something else in lists.</summary>
    public static Refusal? Person(string field, string? text) =>
        text is "none" or "me" ? new(RequestRefusals.TextInvalid, $"{field}: '{text}' is not the name of a person: lists use it for something else.")
        : Name(field, text);

    public static Refusal? Contact(string? language, IReadOnlyList<ContactChannel> channels, NoticeTexts texts)
    {
        if (language is null || !texts.Speaks(language))
        {
            return new(CustomerRefusals.ContactLanguageInvalid, $"language: there are no texts in '{language}'; zh-CN and en are allowed.");
        }

        if (channels.Count > ChannelsMax || channels.Any(c => !ChannelNames.Contains(c.Channel)))
        {
            return new(CustomerRefusals.ContactChannelInvalid, $"channels: at most {ChannelsMax} of {string.Join(", ", ChannelNames)} are allowed.");
        }

        foreach (var channel in channels)
        {
            if (Requests.CheckText("channels.to", channel.To) is { } wrong)
            {
                return wrong;
            }

            if (PersonalData.IsSealed(channel.To))
            {
                return new(CustomerRefusals.ContactToInvalid,
                    "channels.to: it begins like a sealed value of the grid; give a telephone number or an address.");
            }
        }

        return null;
    }
}
